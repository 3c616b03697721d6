package org.bradawl.tests.interop;

import static org.bradawl.tests.interop.Phrases.ALLOCATE;
import static org.bradawl.tests.interop.Phrases.BIND;
import static org.bradawl.tests.interop.Phrases.PERMIT;
import static org.bradawl.tests.interop.Phrases.REFRESH;
import static org.bradawl.tests.interop.Phrases.UDP;
import static org.bradawl.tests.interop.Phrases.as;
import static org.bradawl.tests.interop.Phrases.family;
import static org.bradawl.tests.interop.Phrases.indication;
import static org.bradawl.tests.interop.Phrases.message;
import static org.bradawl.tests.interop.Phrases.partly;
import static org.bradawl.tests.interop.Phrases.patched;
import static org.bradawl.tests.interop.Phrases.peer;
import static org.bradawl.tests.interop.Phrases.plain;
import static org.bradawl.tests.interop.Phrases.raw;
import static org.bradawl.tests.interop.Phrases.unknown;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.Username;

/** The talks written by hand, which are had with both servers. */
final class Scripts {

  private final List<Script> scripts = new ArrayList<>();

  private Scripts() {}

  /** The talks written by hand. */
  static List<Script> handmade() {
    Scripts scripts = new Scripts();
    scripts.bindings();
    scripts.noMessages();
    scripts.otherMethods();
    scripts.credentials();
    scripts.allocates();
    scripts.onAllocations();
    scripts.data();
    return List.copyOf(scripts.scripts);
  }

  private void bindings() {
    binding("binding");
    binding("binding with SOFTWARE", new Software("me"));
    binding("binding with an unknown optional attribute", unknown(0x9001));
    binding("binding with an unknown required attribute", unknown(0x7001));
    binding("binding with two unknown required attributes", unknown(0x7001), unknown(0x7002));
    binding("binding with one unknown attribute twice", unknown(0x7001), unknown(0x7001));
    for (boolean address : new boolean[] {false, true}) {
      for (boolean port : new boolean[] {false, true}) {
        binding(
            "binding with CHANGE-REQUEST " + address + " " + port,
            new ChangeRequest(address, port));
      }
    }
    binding("binding with PADDING", new Padding(Bytes.owning(new byte[64])));
    binding("binding with USERNAME", new Username("user"));
    binding("binding with REQUESTED-TRANSPORT", UDP);
    add(
        "binding with FINGERPRINT",
        talk ->
            Talk.bytes(Encoder.PLAIN.fingerprinted().encode(message(talk, Method.Known.BINDING))));
    add(
        "binding with a wrong FINGERPRINT",
        talk -> {
          byte[] bytes =
              Talk.bytes(Encoder.PLAIN.fingerprinted().encode(message(talk, Method.Known.BINDING)));
          bytes[bytes.length - 1] ^= 1;
          return bytes;
        });
    add(
        "binding with an integrity nobody can check",
        talk ->
            Talk.bytes(
                Encoder.PLAIN
                    .signed(IntegrityAlgorithm.SHA1, IntegrityKey.shortTerm("guess"))
                    .encode(message(talk, Method.Known.BINDING))));
    for (MessageClass kind :
        List.of(
            MessageClass.INDICATION, MessageClass.SUCCESS_RESPONSE, MessageClass.ERROR_RESPONSE)) {
      add(
          "binding " + kind,
          talk ->
              Talk.bytes(
                  Encoder.PLAIN.encode(
                      StunMessage.builder(kind, Method.Known.BINDING, talk.id()).build())));
    }
    add("binding of RFC 3489", talk -> patched(plain(talk, Method.Known.BINDING), 4, 0x11));
    add(
        "binding of RFC 3489 with CHANGE-REQUEST",
        talk ->
            patched(plain(talk, Method.Known.BINDING, new ChangeRequest(false, false)), 4, 0x11));
  }

  private void noMessages() {
    for (int length : new int[] {1, 4, 8, 19}) {
      add(
          "a message cut to " + length,
          talk -> Arrays.copyOf(plain(talk, Method.Known.BINDING), length));
    }
    for (int more : new int[] {1, 4}) {
      add(
          "a message with " + more + " bytes behind it",
          talk -> Arrays.copyOf(plain(talk, Method.Known.BINDING), 20 + more));
    }
    for (int length : new int[] {1, 4, 0xfffc}) {
      add(
          "a length that says " + length,
          talk -> patched(patched(plain(talk, Method.Known.BINDING), 2, length >> 8), 3, length));
    }
    for (int first : new int[] {0x40, 0x80, 0xc0, 0x16, 0x47}) {
      add(
          "a message that begins with " + Integer.toHexString(first),
          talk -> patched(plain(talk, Method.Known.BINDING), 0, first));
    }
    add(
        "an attribute longer than its message",
        talk -> patched(plain(talk, Method.Known.BINDING, new Software("four")), 23, 40));
    add(
        "padding that is not zero",
        talk -> patched(plain(talk, Method.Known.BINDING, new Software("me")), 27, 0xff));
    add(
        "a web browser",
        talk -> "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private void otherMethods() {
    for (int method : new int[] {0x000, 0x002, 0x005, 0x006, 0x00d, 0x0ff, 0xfff}) {
      add(
          "a request of method 0x%03x without credentials".formatted(method),
          talk -> plain(talk, Method.of(method)));
      add("a request of method 0x%03x".formatted(method), talk -> talk.signed(Method.of(method)));
    }
    for (Method.Known method :
        List.of(
            ALLOCATE, REFRESH, PERMIT, BIND, Method.Known.CONNECT, Method.Known.CONNECTION_BIND)) {
      add(method + " without credentials", talk -> plain(talk, method, UDP));
      add(
          method + " without credentials, unknown attribute",
          talk -> plain(talk, method, UDP, unknown(0x7001)));
      add(method + " without an allocation", talk -> talk.signed(method));
    }
  }

  private void credentials() {
    add("integrity without USERNAME", talk -> partly(talk, talk.realm(), talk.nonce()));
    add("integrity without REALM", talk -> partly(talk, new Username("user"), talk.nonce()));
    add("integrity without NONCE", talk -> partly(talk, new Username("user"), talk.realm()));
    add("integrity alone", talk -> partly(talk));
    add("a wrong password", talk -> as(talk, "user", "guess", talk.realm(), talk.nonce()));
    add("an unknown user", talk -> as(talk, "nobody", "pass", talk.realm(), talk.nonce()));
    add("another realm", talk -> as(talk, "user", "pass", new Realm("other"), talk.nonce()));
    add("a nonce that is none", talk -> as(talk, "user", "pass", talk.realm(), new Nonce("n")));
    add(
        "a nonce of another client",
        talk -> as(talk, "user", "pass", talk.realm(), new Nonce("f".repeat(16))));
    add(
        "credentials without integrity",
        talk -> plain(talk, ALLOCATE, UDP, new Username("user"), talk.realm(), talk.nonce()));
    add(
        "SHA-256 integrity under the MD5 key",
        talk ->
            Talk.bytes(
                Encoder.PLAIN
                    .signed(IntegrityAlgorithm.SHA256, talk.key("user", "pass"))
                    .encode(
                        message(
                            talk,
                            ALLOCATE,
                            UDP,
                            new Username("user"),
                            talk.realm(),
                            talk.nonce()))));
    add(
        "attributes behind the integrity",
        talk -> {
          byte[] signed = talk.signed(ALLOCATE);
          ByteBuffer longer = ByteBuffer.allocate(signed.length + 8).put(signed);
          longer.putInt(0x0019_0004).putInt(0x1100_0000);
          return longer.putShort(2, (short) (signed.length + 8 - 20)).array();
        });
  }

  private void allocates() {
    allocate("allocate", UDP);
    allocate("allocate without REQUESTED-TRANSPORT");
    allocate("allocate TCP", new RequestedTransport(RequestedTransport.TCP));
    allocate("allocate transport 99", new RequestedTransport(99));
    allocate("allocate, REQUESTED-TRANSPORT malformed", raw(0x0019, "11"));
    for (long lifetime : new long[] {0, 1, 600, 601, 3600, 3601, 0xffffffffL}) {
      allocate("allocate for " + lifetime, UDP, new Lifetime(lifetime));
    }
    allocate("allocate, LIFETIME twice", UDP, new Lifetime(700), new Lifetime(900));
    allocate("allocate, LIFETIME malformed", UDP, raw(0x000d, "0258"));
    allocate("allocate an even port", UDP, new EvenPort(false));
    allocate("allocate a pair of ports", UDP, new EvenPort(true));
    allocate("allocate, EVEN-PORT malformed", UDP, raw(0x0018, ""));
    allocate("allocate with a token nobody gave out", UDP, new ReservationToken(77));
    allocate(
        "allocate with token and EVEN-PORT", UDP, new ReservationToken(77), new EvenPort(false));
    allocate("allocate with token and family", UDP, new ReservationToken(77), family(1));
    allocate("allocate IPv4", UDP, family(1));
    allocate("allocate family 3", UDP, family(3));
    allocate("allocate, family malformed", UDP, raw(0x0017, "01"));
    allocate("allocate both families asked", UDP, family(1), raw(0x8000, "02000000"));
    allocate("allocate additionally IPv4", UDP, raw(0x8000, "01000000"));
    allocate("allocate additionally with a pair", UDP, new EvenPort(true), raw(0x8000, "02000000"));
    allocate("allocate with DONT-FRAGMENT", UDP, new DontFragment());
    allocate("allocate with an unknown attribute", UDP, unknown(0x7001));
    allocate("allocate with an unknown optional attribute", UDP, unknown(0x9001));
    allocate("allocate for a mobile client", UDP, raw(0x8030, ""));
    add("allocate twice", talk -> talk.signed(ALLOCATE, UDP), talk -> talk.signed(ALLOCATE, UDP));
    byte[][] last = new byte[1][];
    add(
        "allocate and retransmit",
        talk -> last[0] = talk.signed(ALLOCATE, UDP),
        talk -> last[0].clone());
  }

  private void onAllocations() {
    allocated("refresh", talk -> talk.signed(REFRESH));
    for (long lifetime : new long[] {0, 1, 600, 3600, 3601}) {
      allocated("refresh for " + lifetime, talk -> talk.signed(REFRESH, new Lifetime(lifetime)));
    }
    byte[][] last = new byte[1][];
    allocated(
        "release and retransmit",
        talk -> last[0] = talk.signed(REFRESH, new Lifetime(0)),
        talk -> last[0].clone());
    allocated(
        "release twice",
        talk -> talk.signed(REFRESH, new Lifetime(0)),
        talk -> talk.signed(REFRESH, new Lifetime(0)));
    allocated("refresh for IPv6", talk -> talk.signed(REFRESH, family(2)));
    allocated("refresh for IPv4", talk -> talk.signed(REFRESH, family(1)));
    allocated("refresh with an unknown attribute", talk -> talk.signed(REFRESH, unknown(0x7001)));
    allocated(
        "refresh by another user",
        talk -> as(REFRESH, talk, "other", "word", talk.realm(), talk.nonce()));
    allocated("permit nobody", talk -> talk.signed(PERMIT));
    permit("127.0.0.1", 9);
    permit("127.0.0.1", 0);
    permit("::1", 9);
    permit("224.0.0.1", 9);
    permit("255.255.255.255", 9);
    permit("0.0.0.0", 9);
    permit("8.8.8.8", 9);
    allocated(
        "permit two", talk -> talk.signed(PERMIT, peer("127.0.0.1", 9), peer("127.0.0.2", 9)));
    allocated(
        "permit one of two families",
        talk -> talk.signed(PERMIT, peer("127.0.0.1", 9), peer("::1", 9)));
    allocated(
        "permit, XOR-PEER-ADDRESS malformed", talk -> talk.signed(PERMIT, raw(0x0012, "000100")));
    for (int number :
        new int[] {0, 0x3fff, 0x4000, 0x4fff, 0x5000, 0x7ffe, 0x7fff, 0x8000, 0xffff}) {
      bind(
          "bind channel 0x%04x".formatted(number), new ChannelNumber(number), peer("127.0.0.1", 9));
    }
    bind("bind no channel", peer("127.0.0.1", 9));
    bind("bind no peer", new ChannelNumber(0x4000));
    bind("bind IPv6", new ChannelNumber(0x4000), peer("::1", 9));
    bind("bind multicast", new ChannelNumber(0x4000), peer("224.0.0.1", 9));
    bind("bind port 0", new ChannelNumber(0x4000), peer("127.0.0.1", 0));
    bind("bind, CHANNEL-NUMBER malformed", raw(0x000c, "4000"), peer("127.0.0.1", 9));
    Script.Line first = talk -> talk.signed(BIND, new ChannelNumber(0x4000), peer("127.0.0.1", 9));
    allocated("bind again", first, first);
    allocated(
        "bind a number again, to another port",
        first,
        talk -> talk.signed(BIND, new ChannelNumber(0x4000), peer("127.0.0.1", 10)));
    allocated(
        "bind a peer again, to another number",
        first,
        talk -> talk.signed(BIND, new ChannelNumber(0x4001), peer("127.0.0.1", 9)));
    allocated(
        "bind another port of one address",
        first,
        talk -> talk.signed(BIND, new ChannelNumber(0x4001), peer("127.0.0.1", 10)));
    allocated(
        "connect on a UDP allocation",
        talk -> talk.signed(Method.Known.CONNECT, peer("127.0.0.1", 9)));
    allocated(
        "connection bind over UDP",
        talk -> talk.signed(Method.Known.CONNECTION_BIND, raw(0x002a, "00000001")));
  }

  /** Nothing of this is answered, by either; what it does to the state is shown by a Refresh. */
  private void data() {
    Script.Line refresh = talk -> talk.signed(REFRESH);
    Data data = new Data(Bytes.ofInt(1));
    send("send without permission", refresh, peer("127.0.0.1", 9), data);
    send("send without DATA", refresh, peer("127.0.0.1", 9));
    send("send without a peer", refresh, data);
    send("send nothing", refresh);
    send("send with an unknown attribute", refresh, peer("127.0.0.1", 9), data, unknown(0x7001));
    send("send with DONT-FRAGMENT", refresh, peer("127.0.0.1", 9), data, new DontFragment());
    for (int number : new int[] {0x4000, 0x4fff, 0x5000, 0x7fff}) {
      allocated(
          "ChannelData on 0x%04x, not bound".formatted(number),
          talk -> ByteBuffer.allocate(8).putShort((short) number).putShort((short) 4).array(),
          refresh);
    }
    allocated(
        "ChannelData with a length that lies",
        talk -> ByteBuffer.allocate(8).putShort((short) 0x4000).putShort((short) 400).array(),
        refresh);
    add(
        "ChannelData without an allocation",
        talk -> ByteBuffer.allocate(8).putShort((short) 0x4000).putShort((short) 4).array());
    add(
        "a send indication without an allocation",
        talk -> indication(talk, peer("127.0.0.1", 9), data));
  }

  private void add(String name, Script.Line... lines) {
    scripts.add(new Script(name, false, List.of(lines)));
  }

  private void allocated(String name, Script.Line... lines) {
    scripts.add(new Script(name, true, List.of(lines)));
  }

  private void binding(String name, Attribute... attributes) {
    add(name, talk -> plain(talk, Method.Known.BINDING, attributes));
  }

  private void allocate(String name, Attribute... attributes) {
    add(name, talk -> talk.signed(ALLOCATE, attributes));
  }

  private void permit(String host, int port) {
    allocated("permit " + host + " port " + port, talk -> talk.signed(PERMIT, peer(host, port)));
  }

  private void bind(String name, Attribute... attributes) {
    allocated(name, talk -> talk.signed(BIND, attributes));
  }

  private void send(String name, Script.Line then, Attribute... attributes) {
    allocated(name, talk -> indication(talk, attributes), then);
  }
}
