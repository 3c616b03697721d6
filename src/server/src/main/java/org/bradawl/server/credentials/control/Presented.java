package org.bradawl.server.credentials.control;

import org.jspecify.annotations.Nullable;

/**
 * What a client shows when it arrives.
 *
 * @param credential a peer token or an application key, without the word "Bearer"; null if it
 *     showed none
 * @param peer the peer id it asks to be ({@code ?peer=}); null if it did not say
 * @param client the address it comes from, as text without a port: failures are counted by it
 */
public record Presented(@Nullable String credential, @Nullable String peer, String client) {

  /** Says what was presented without repeating the credential. */
  @Override
  public String toString() {
    return "Presented[credential=%s, peer=%s, client=%s]"
        .formatted(credential == null ? "none" : "given", peer, client);
  }
}
