package org.bradawl.tests.interop;

import java.util.List;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;

/** The messages that talks are made of. */
final class Phrases {

  static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);
  static final Method.Known ALLOCATE = Method.Known.ALLOCATE;
  static final Method.Known REFRESH = Method.Known.REFRESH;
  static final Method.Known PERMIT = Method.Known.CREATE_PERMISSION;
  static final Method.Known BIND = Method.Known.CHANNEL_BIND;

  private Phrases() {}

  static byte[] indication(Talk talk, Attribute... attributes) {
    return Talk.bytes(
        Encoder.PLAIN.encode(
            StunMessage.indication(Method.Known.SEND, talk.id())
                .addAll(List.of(attributes))
                .build()));
  }

  static byte[] plain(Talk talk, Method method, Attribute... attributes) {
    return Talk.bytes(Encoder.PLAIN.encode(message(talk, method, attributes)));
  }

  static StunMessage message(Talk talk, Method method, Attribute... attributes) {
    TransactionId id = talk.id();
    return StunMessage.request(method, id).addAll(List.of(attributes)).build();
  }

  static byte[] partly(Talk talk, Attribute... credentials) {
    StunMessage.Builder request = StunMessage.request(ALLOCATE, talk.id()).add(UDP);
    return Talk.bytes(
        Encoder.PLAIN
            .signed(IntegrityAlgorithm.SHA1, talk.key("user", "pass"))
            .encode(request.addAll(List.of(credentials)).build()));
  }

  static byte[] as(Talk talk, String user, String password, Realm realm, Nonce nonce) {
    return as(ALLOCATE, talk, user, password, realm, nonce);
  }

  static byte[] as(
      Method method, Talk talk, String user, String password, Realm realm, Nonce nonce) {
    return Talk.bytes(
        Encoder.PLAIN
            .signed(IntegrityAlgorithm.SHA1, talk.key(user, password))
            .encode(message(talk, method, UDP, new Username(user), realm, nonce)));
  }

  static byte[] patched(byte[] message, int at, int value) {
    message[at] = (byte) value;
    return message;
  }

  static Attribute unknown(int type) {
    return new UnknownAttribute(type, Bytes.ofInt(0x01020304));
  }

  /** An attribute with a value of any length, right or wrong. */
  static Attribute raw(int type, String hex) {
    return new UnknownAttribute(type, Bytes.hex(hex));
  }

  static Attribute family(int code) {
    return raw(0x0017, "%02x000000".formatted(code));
  }

  static XorPeerAddress peer(String host, int port) {
    return new XorPeerAddress(new TransportAddress(IpAddress.parse(host), port));
  }
}
