package org.bradawl.server.platform.control;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * What of this server must never be reached through its own relay, even where an operator allows
 * peers on this machine: the HTTP port, and the port of the database on every own address.
 */
final class OwnServices {

  /** One {@code host:port} of a PostgreSQL URL, which may name several. */
  private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})(?=[/,?]|$)");

  private static final int POSTGRESQL_PORT = 5432;

  /** Stands for every own address, of both families. */
  private static final IpAddress ANYWHERE = IpAddress.v4(0);

  private OwnServices() {}

  static Set<TransportAddress> of(Configuration.Http http, DatabaseUrl database) {
    Set<TransportAddress> services = new HashSet<>();
    services.add(new TransportAddress(http.address(), http.port()));
    switch (database.kind()) {
      case POSTGRESQL -> {
        services.add(new TransportAddress(ANYWHERE, POSTGRESQL_PORT));
        Matcher ports = PORT.matcher(database.withoutParameters().replace("jdbc:", ""));
        while (ports.find()) {
          int port = Integer.parseInt(ports.group(1));
          if (port <= 65_535) {
            services.add(new TransportAddress(ANYWHERE, port));
          }
        }
      }
      case H2 -> {} // a file
    }
    return services;
  }
}
