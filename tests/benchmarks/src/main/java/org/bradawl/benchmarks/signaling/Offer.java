package org.bradawl.benchmarks.signaling;

/**
 * A session description like a browser's for one data channel, about 1.4 kB before its envelope.
 */
final class Offer {

  private static final int LENGTH = 1_420;

  private Offer() {}

  /**
   * The description as the inside of a JSON string, with zeros where the generator puts its digits.
   */
  static String sdp() {
    String zeros = "0".repeat(Protocol.DIGITS);
    StringBuilder sdp = new StringBuilder(LENGTH + 200);
    line(sdp, "v=0");
    line(sdp, "o=- 4611731400430051336 2 IN IP4 127.0.0.1");
    line(sdp, "s=-");
    line(sdp, "t=0 0");
    line(sdp, Protocol.MARK + zeros + "." + zeros);
    line(sdp, "a=group:BUNDLE 0");
    line(sdp, "a=msid-semantic: WMS");
    line(sdp, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
    line(sdp, "c=IN IP4 0.0.0.0");
    line(sdp, "a=ice-ufrag:Yk3q");
    line(sdp, "a=ice-pwd:4ZcD2x0aVQ8Yq7Jp1mN5tL6s");
    line(sdp, "a=fingerprint:sha-256 " + "7B:".repeat(31) + "7B");
    line(sdp, "a=setup:actpass");
    line(sdp, "a=mid:0");
    line(sdp, "a=sctp-port:5000");
    for (int i = 0; sdp.length() < LENGTH; i++) {
      String address = "192.168." + i + ".17 " + (50_000 + i);
      line(
          sdp, "a=candidate:" + 1_000_003 * (i + 7) + " 1 udp 2122260223 " + address + " typ host");
    }
    return sdp.toString();
  }

  private static void line(StringBuilder sdp, String text) {
    sdp.append(text).append("\\r\\n");
  }
}
