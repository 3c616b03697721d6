package org.bradawl.server.credentials.control;

import java.util.List;
import java.util.OptionalInt;
import org.bradawl.datapath.Datapath;
import org.bradawl.stun.FiveTuple.Transport;

/** Where TURN over TLS is offered to browsers: where they would trust the certificate they meet. */
final class TlsUrls {

  private TlsUrls() {}

  /**
   * One URL for each host that the certificate is made for; none while it is the self-made one.
   *
   * @param hosts as URLs want them
   */
  static List<String> of(Datapath datapath, List<String> hosts) {
    OptionalInt port =
        datapath.listeners().stream()
            .filter(listener -> listener.transport() == Transport.TLS)
            .mapToInt(listener -> listener.address().port())
            .findFirst();
    if (port.isEmpty()) {
      return List.of();
    }
    return hosts.stream()
        .filter(host -> datapath.mayBeTrustedFor(bare(host)))
        .map(host -> "turns:%s:%d?transport=tcp".formatted(host, port.getAsInt()))
        .toList();
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
