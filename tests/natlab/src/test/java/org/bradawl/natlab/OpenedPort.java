package org.bradawl.natlab;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import org.bradawl.agent.portmapping.PortMapper;
import org.bradawl.stun.IpAddress;

/** Has its router open a UDP port until its input ends: the router, itself, the port. */
final class OpenedPort {

  private OpenedPort() {}

  /** Says how it goes, a line for each change. */
  public static void main(String... arguments) throws IOException {
    try (HttpClient http = HttpClient.newHttpClient();
        PortMapper _ =
            PortMapper.open(
                IpAddress.parse(arguments[0]),
                IpAddress.parse(arguments[1]),
                http,
                new SecureRandom(),
                Integer.parseInt(arguments[2]),
                mapping ->
                    System.out.println(
                        mapping.map(open -> "open at " + open.external()).orElse("not open")))) {
      System.in.transferTo(System.out);
    }
  }
}
