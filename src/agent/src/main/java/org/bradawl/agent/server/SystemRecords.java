package org.bradawl.agent.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.bradawl.stun.IpAddress;

/** Asks the system's resolver for addresses and its name servers for everything else. */
public final class SystemRecords implements Records {

  private final NameServer nameServer = NameServer.ofSystem();

  @Override
  public List<Service> services(String name) throws Unresolved {
    return nameServer.services(name);
  }

  @Override
  public List<Rule> rules(String name) throws Unresolved {
    return nameServer.rules(name);
  }

  @Override
  public List<IpAddress> addresses(String name) {
    try {
      return Arrays.stream(InetAddress.getAllByName(name)).map(IpAddress::of).toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
