package org.bradawl.server.credentials.control;

import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * By which name and at which address a client reached this server over HTTP.
 *
 * @param host the Host header as it came, port and all; null if there was none
 * @param localAddress the literal of the local address of the connection; null if the caller cannot
 *     know it
 */
public record Reached(@Nullable String host, @Nullable String localAddress) {

  /** Whether this Host header names the loopback interface. */
  public static boolean isLoopback(String host) {
    return HostName.ofAuthority(host)
        .map(name ->
            switch (name) {
              case HostName.Literal(IpAddress address) ->
                  address.toInetAddress().isLoopbackAddress();
              case HostName.Name dns -> dns.isLocalhost();
            })
        .orElse(false);
  }
}
