package org.bradawl.agent.server;

import java.util.List;
import org.bradawl.stun.IpAddress;

/** What DNS says; an empty list where it says that there is nothing. */
public interface Records {

  /** A service's place (RFC 2782). */
  record Service(int priority, int weight, int port, String target) {}

  /** A rule to find a service (RFC 3403). */
  record Rule(int order, int preference, String flags, String services, String replacement) {}

  /** SRV records. */
  List<Service> services(String name) throws Unresolved;

  /** NAPTR records. */
  List<Rule> rules(String name) throws Unresolved;

  /** A and AAAA records, or what the system's own table says. */
  List<IpAddress> addresses(String name) throws Unresolved;
}
