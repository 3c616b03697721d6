package org.bradawl.natlab.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.tests.support.Program;

/** Debian's miniupnpd on a router, speaking only the protocols that are wanted. */
public final class PortMappingDaemon implements AutoCloseable {

  /** A protocol by which a host asks its router for an open port. */
  public enum Protocol {
    UPNP,
    NAT_PMP,
    PCP;

    /** As it is written on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Duration START = Duration.ofSeconds(10);

  /** NAT-PMP (RFC 6886) and PCP (RFC 6887) share this port; their first byte tells them apart. */
  private static final String SHARED_PORT = "udp dport 5351";

  private final Program program;
  private final Path settings;

  private PortMappingDaemon(Program program, Path settings) {
    this.program = program;
    this.settings = settings;
  }

  /**
   * Starts it.
   *
   * @param namespace the router's, with a host behind {@code lan1}
   */
  static PortMappingDaemon start(Namespace namespace, Set<Protocol> protocols) {
    namespace.rules(rules(protocols));
    try {
      Path settings = Files.createTempFile("bradawl-lab-", ".conf");
      Files.write(settings, settings(protocols));
      Program program =
          Program.start(
              Map.of(),
              // It removes this file when it ends, so it had better be its own.
              namespace.inside(
                  "miniupnpd", "-d", "-f", settings.toString(), "-P", settings + ".pid"));
      PortMappingDaemon daemon = new PortMappingDaemon(program, settings);
      try {
        program.waitForLine(
            START, line -> line.contains("HTTP listening") || line.contains("Listening for"));
        return daemon;
      } catch (AssertionError e) {
        daemon.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> settings(Set<Protocol> protocols) {
    boolean upnp = protocols.contains(Protocol.UPNP);
    boolean other =
        !EnumSet.complementOf(EnumSet.of(Protocol.UPNP)).stream()
            .filter(protocols::contains)
            .toList()
            .isEmpty();
    List<String> lines = new ArrayList<>();
    lines.add("ext_ifname=wan");
    lines.add("listening_ip=lan1");
    lines.add("enable_upnp=" + (upnp ? "yes" : "no"));
    lines.add("enable_natpmp=" + (other ? "yes" : "no"));
    lines.add("secure_mode=yes");
    lines.add("uuid=" + UUID.randomUUID());
    lines.add("allow 1024-65535 0.0.0.0/0 1024-65535");
    return lines;
  }

  /** The chains that it fills, before those of the NAT; and what keeps it from speaking more. */
  private static String rules(Set<Protocol> protocols) {
    StringBuilder unwanted = new StringBuilder();
    if (!protocols.contains(Protocol.NAT_PMP)) {
      unwanted.append(SHARED_PORT).append(" @th,64,8 0 drop\n");
    }
    if (!protocols.contains(Protocol.PCP)) {
      unwanted.append(SHARED_PORT).append(" @th,64,8 2 drop\n");
    }
    return """
    table inet filter {
      chain forward { type filter hook forward priority 0; jump miniupnpd; }
      chain miniupnpd { }
      chain prerouting { type nat hook prerouting priority -101; jump prerouting_miniupnpd; }
      chain postrouting { type nat hook postrouting priority 99; jump postrouting_miniupnpd; }
      chain prerouting_miniupnpd { }
      chain postrouting_miniupnpd { }
      chain unwanted { type filter hook input priority -1;
        %s
      }
    }
    """
        .formatted(unwanted);
  }

  @Override
  public void close() {
    program.close();
    try {
      Files.deleteIfExists(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
