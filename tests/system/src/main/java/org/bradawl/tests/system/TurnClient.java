package org.bradawl.tests.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;

/** Just enough of a TURN client over UDP to hold an allocation (RFC 8656 §7). */
public final class TurnClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 5_000;
  private static final int UDP = 17;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final String username;
  private final String password;
  private final SecureRandom random = new SecureRandom();
  private List<Attribute> proof = List.of();

  /** A client with these credentials on a port of its own. */
  public TurnClient(InetSocketAddress server, String username, String password) {
    this.server = server;
    this.username = username;
    this.password = password;
    try {
      this.socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of this client, as the server sees it. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Asks for an allocation, proving the credentials when challenged, and returns the answer. */
  public StunMessage allocate() {
    StunMessage challenge =
        exchange(
            Encoder.PLAIN,
            StunMessage.request(Method.Known.ALLOCATE, TransactionId.random(random))
                .add(new RequestedTransport(UDP))
                .build());
    String realm = challenge.first(Realm.class).map(Realm::realm).orElse("");
    Attribute nonce = challenge.first(Nonce.class).orElse(new Nonce(""));
    proof = List.of(new Username(username), new Realm(realm), nonce);
    return proven(Method.Known.ALLOCATE, new RequestedTransport(UDP));
  }

  /** Asks for leave to exchange data with a peer; the code of the error, or 0. After allocating. */
  public int permit(String host, int port) {
    TransportAddress peer = new TransportAddress(IpAddress.parse(host), port);
    return proven(Method.Known.CREATE_PERMISSION, new XorPeerAddress(peer))
        .first(ErrorCode.class)
        .map(ErrorCode::code)
        .orElse(0);
  }

  /** Gives the allocation back; the code of the error, or 0. */
  public int release() {
    return proven(Method.Known.REFRESH, new Lifetime(0))
        .first(ErrorCode.class)
        .map(ErrorCode::code)
        .orElse(0);
  }

  private StunMessage proven(Method method, Attribute attribute) {
    String realm = ((Realm) proof.get(1)).realm();
    IntegrityKey key = IntegrityKey.longTerm(PasswordHash.MD5, username, realm, password);
    return exchange(
        Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key),
        StunMessage.request(method, TransactionId.random(random))
            .add(attribute)
            .addAll(proof)
            .build());
  }

  private StunMessage exchange(Encoder encoder, StunMessage request) {
    ByteBuffer bytes = encoder.encode(request);
    byte[] answer = new byte[2048];
    DatagramPacket packet = new DatagramPacket(answer, answer.length);
    try {
      socket.send(new DatagramPacket(bytes.array(), bytes.arrayOffset(), bytes.limit(), server));
      socket.receive(packet);
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from " + server, e);
    }
    return switch (Decoder.decode(ByteBuffer.wrap(answer, 0, packet.getLength()))) {
      case StunMessage message -> message;
      case Object other -> throw new AssertionError("not a STUN message: " + other);
    };
  }

  @Override
  public void close() {
    socket.close();
  }
}
