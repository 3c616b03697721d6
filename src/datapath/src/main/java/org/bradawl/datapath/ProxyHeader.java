package org.bradawl.datapath;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.TransportAddress;

/**
 * What a proxy says of the client it speaks for: the PROXY protocol, version 1 (a line of text,
 * streams only) and version 2:
 *
 * <pre>
 *   signature, 12 │ version and command, 1 │ family and transport, 1 │ length, 2
 *   source address, 4 or 16 │ destination address │ source port, 2 │ destination port, 2 │ TLVs …
 * </pre>
 *
 * <p>Read strictly, as the specification wants: nothing is guessed, and what follows is not looked
 * at.
 */
public sealed interface ProxyHeader {

  /** More bytes are needed to say. */
  record Incomplete() implements ProxyHeader {}

  /** This is no such header. */
  record Malformed() implements ProxyHeader {}

  /**
   * The proxy speaks for itself, or for someone it does not name.
   *
   * @param length bytes of header
   */
  record Unnamed(int length) implements ProxyHeader {}

  /**
   * The proxy speaks for this client.
   *
   * @param length bytes of header
   */
  record Named(TransportAddress client, int length) implements ProxyHeader {}

  /** The longest header that is read: beyond the addresses only what nobody here asks for. */
  int LONGEST = 2048;

  /**
   * Reads the header at the buffer's position, which stays.
   *
   * @param stream whether it begins a TCP connection; else it begins a datagram, of version 2
   */
  static ProxyHeader read(ByteBuffer input, boolean stream) {
    return Reading.of(input, stream);
  }

  /** The parsing, apart from what it leads to. */
  final class Reading {

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};

    private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /** "PROXY TCP6", two longest addresses, two ports, blanks and the end of the line. */
    private static final int LONGEST_LINE = 107;

    private static final int FIXED = 16;

    private static final ProxyHeader INCOMPLETE = new Incomplete();

    private static final ProxyHeader MALFORMED = new Malformed();

    private Reading() {}

    private static ProxyHeader of(ByteBuffer input, boolean stream) {
      if (begins(input, SIGNATURE)) {
        return input.remaining() < FIXED ? INCOMPLETE : binary(input, stream);
      }
      if (stream && begins(input, LINE)) {
        return line(input);
      }
      return MALFORMED;
    }

    /** Whether as much as there is agrees with {@code start}. */
    private static boolean begins(ByteBuffer input, byte[] start) {
      int length = Math.min(input.remaining(), start.length);
      return input.slice(input.position(), length).equals(ByteBuffer.wrap(start, 0, length));
    }

    private static ProxyHeader binary(ByteBuffer input, boolean stream) {
      int at = input.position();
      int versionAndCommand = input.get(at + 12) & 0xFF;
      int family = (input.get(at + 13) & 0xFF) >> 4;
      int transport = input.get(at + 13) & 0x0F;
      int length = FIXED + (input.getShort(at + 14) & 0xFFFF);
      if (length > LONGEST || (versionAndCommand != 0x20 && versionAndCommand != 0x21)) {
        return MALFORMED;
      }
      if (input.remaining() < length) {
        return stream ? INCOMPLETE : MALFORMED;
      }
      boolean local = versionAndCommand == 0x20 || family == 0 || family == 3;
      if (local) {
        return new Unnamed(length);
      }
      int addresses = family == 1 ? 4 : 16;
      boolean fits =
          (family == 1 || family == 2)
              && transport == (stream ? 1 : 2)
              && length >= FIXED + 2 * addresses + 4;
      if (!fits) {
        return MALFORMED;
      }
      IpAddress source =
          family == 1
              ? IpAddress.v4(input.getInt(at + FIXED))
              : IpAddress.v6(input.getLong(at + FIXED), input.getLong(at + FIXED + 8));
      int port = input.getShort(at + FIXED + 2 * addresses) & 0xFFFF;
      return new Named(new TransportAddress(source, port), length);
    }

    private static ProxyHeader line(ByteBuffer input) {
      int start = input.position();
      int end = Math.min(input.limit(), start + LONGEST_LINE);
      for (int i = start; i + 1 < end; i++) {
        if (input.get(i) == '\r') {
          return input.get(i + 1) == '\n' ? words(input, i - start) : MALFORMED;
        }
      }
      return end - start == LONGEST_LINE ? MALFORMED : INCOMPLETE;
    }

    private static ProxyHeader words(ByteBuffer input, int length) {
      String text =
          StandardCharsets.ISO_8859_1.decode(input.slice(input.position(), length)).toString();
      String[] words = text.split(" ", -1);
      if (words[1].equals("UNKNOWN")) {
        return new Unnamed(length + 2);
      }
      Optional<Family> family =
          switch (words[1]) {
            case "TCP4" -> Optional.of(Family.IPV4);
            case "TCP6" -> Optional.of(Family.IPV6);
            default -> Optional.empty();
          };
      if (words.length != 6 || family.isEmpty()) {
        return MALFORMED;
      }
      try {
        IpAddress source = IpAddress.parse(words[2]);
        IpAddress destination = IpAddress.parse(words[3]);
        TransportAddress client = new TransportAddress(source, port(words[4]));
        boolean agree = source.family() == family.get() && destination.family() == family.get();
        return agree && port(words[5]) >= 0 ? new Named(client, length + 2) : MALFORMED;
      } catch (IllegalArgumentException e) {
        return MALFORMED;
      }
    }

    private static int port(String text) {
      if (!text.matches("0|[1-9][0-9]{0,4}")) {
        throw new IllegalArgumentException("no port");
      }
      int port = Integer.parseInt(text);
      if (port > 65_535) {
        throw new IllegalArgumentException("no port");
      }
      return port;
    }
  }
}
