package org.bradawl.signaling;

/**
 * A client's wish to go on with its session.
 *
 * @param secret the {@code resume} of its last welcome
 * @param received the highest number of the server's sequence that it has had
 */
public record Resumption(String secret, long received) {

  public Resumption {
    if (received < 0) {
      throw new IllegalArgumentException("received is " + received);
    }
  }
}
