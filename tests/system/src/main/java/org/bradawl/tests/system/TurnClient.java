package org.bradawl.tests.system;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityCheck;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ConnectionId;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;

/** Just enough of a TURN client to hold an allocation (RFC 8656 §7), over UDP or TCP. */
public final class TurnClient implements AutoCloseable {

  private final Line line;
  private final String username;
  private final String password;
  private final SecureRandom random = new SecureRandom();
  private List<Attribute> proof = List.of();

  /** A client over UDP with these credentials on a port of its own. */
  public TurnClient(InetSocketAddress server, String username, String password) {
    this(Line.udp(server), username, password);
  }

  private TurnClient(Line line, String username, String password) {
    this.line = line;
    this.username = username;
    this.password = password;
  }

  /** The same over TCP. */
  public static TurnClient overTcp(InetSocketAddress server, String username, String password) {
    return new TurnClient(Line.tcp(server), username, password);
  }

  /** The address of this client, as the server sees it. */
  public String address() {
    return "127.0.0.1:" + line.localPort();
  }

  /** Asks for an allocation, proving the credentials when challenged, and returns the answer. */
  public StunMessage allocate(Attribute... wishes) {
    return challenged(
        Method.Known.ALLOCATE, with(new RequestedTransport(RequestedTransport.UDP), wishes));
  }

  /** Asks for one that relays TCP (RFC 6062). */
  public StunMessage allocateTcp() {
    return challenged(
        Method.Known.ALLOCATE, List.of(new RequestedTransport(RequestedTransport.TCP)));
  }

  /** Asks for a connection with a peer, of an allocation that relays TCP. */
  public StunMessage connect(InetSocketAddress peer) {
    return proven(Method.Known.CONNECT, List.of(new XorPeerAddress(TransportAddress.of(peer))));
  }

  /** Makes of this client's connection one with a peer; afterwards it carries bytes. */
  public StunMessage bindTo(ConnectionId connection) {
    return challenged(Method.Known.CONNECTION_BIND, List.of(connection));
  }

  /** The connection itself, of a client over TCP. */
  public Socket socket() {
    return line.socket();
  }

  /** Whether an answer was made by somebody who knows the password. */
  public boolean vouches(StunMessage answer) {
    return answer.check(IntegrityAlgorithm.SHA1, key()) == IntegrityCheck.RIGHT;
  }

  private static List<Attribute> with(Attribute first, Attribute... more) {
    List<Attribute> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all;
  }

  private StunMessage challenged(Method method, List<Attribute> attributes) {
    StunMessage challenge =
        exchange(
            Encoder.PLAIN,
            StunMessage.request(method, TransactionId.random(random)).addAll(attributes).build());
    String realm = challenge.first(Realm.class).map(Realm::realm).orElse("");
    Attribute nonce = challenge.first(Nonce.class).orElse(new Nonce(""));
    proof = List.of(new Username(username), new Realm(realm), nonce);
    return proven(method, attributes);
  }

  /** Asks for leave to exchange data with a peer; the code of the error, or 0. After allocating. */
  public int permit(String host, int port) {
    TransportAddress peer = new TransportAddress(IpAddress.parse(host), port);
    return proven(Method.Known.CREATE_PERMISSION, List.of(new XorPeerAddress(peer)))
        .first(ErrorCode.class)
        .map(ErrorCode::code)
        .orElse(0);
  }

  /** Asks for another lifetime, in seconds. */
  public StunMessage refresh(long seconds) {
    return proven(Method.Known.REFRESH, List.of(new Lifetime(seconds)));
  }

  /** Gives the allocation back; the code of the error, or 0. */
  public int release() {
    return refresh(0).first(ErrorCode.class).map(ErrorCode::code).orElse(0);
  }

  private StunMessage proven(Method method, List<Attribute> attributes) {
    return exchange(
        Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, key()),
        StunMessage.request(method, TransactionId.random(random))
            .addAll(attributes)
            .addAll(proof)
            .build());
  }

  private IntegrityKey key() {
    String realm = ((Realm) proof.get(1)).realm();
    return IntegrityKey.longTerm(PasswordHash.MD5, username, realm, password);
  }

  private StunMessage exchange(Encoder encoder, StunMessage request) {
    ByteBuffer bytes = encoder.encode(request);
    byte[] message = new byte[bytes.remaining()];
    bytes.get(message);
    byte[] answer = line.exchange(message);
    return switch (Decoder.decode(ByteBuffer.wrap(answer))) {
      case StunMessage decoded -> decoded;
      case Object other -> throw new AssertionError("not a STUN message: " + other);
    };
  }

  @Override
  public void close() {
    line.close();
  }
}
