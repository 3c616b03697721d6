package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bradawl.stun.IpAddress;

/** The router that packets to everywhere go to. */
public final class Gateway {

  private static final Path ROUTES = Path.of("/proc/net/route");

  private Gateway() {}

  /** Its address, as Linux knows it; empty elsewhere, and where there is no default route. */
  public static Optional<IpAddress> address() {
    if (!Files.isReadable(ROUTES)) {
      return Optional.empty();
    }
    try {
      return address(Files.readAllLines(ROUTES));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Interface, destination, gateway and so on, the addresses as words of a little-endian host. */
  static Optional<IpAddress> address(List<String> routes) {
    return routes.stream()
        .map(line -> line.split("\\s+", -1))
        .filter(fields -> fields.length > 7)
        .filter(fields -> fields[1].equals("00000000") && fields[7].equals("00000000"))
        .filter(fields -> fields[2].matches("[0-9A-F]{8}") && !fields[2].equals("00000000"))
        .map(fields -> IpAddress.v4(Integer.reverseBytes(Integer.parseUnsignedInt(fields[2], 16))))
        .findFirst();
  }
}
