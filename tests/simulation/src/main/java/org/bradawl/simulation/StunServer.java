package org.bradawl.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.ResponseOrigin;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.XorMappedAddress;

/**
 * A model of an RFC 5780 server on two addresses and two ports, over UDP and TCP. It is the model's
 * own, so that a mistake in the real server cannot hide one in the client.
 */
public final class StunServer {

  /** The ports of RFC 8489 §18.6 and, by custom, the next one. */
  public static final int PORT = 3478;

  public static final int OTHER_PORT = 3479;

  private final Host primary;
  private final Host other;
  private final boolean understandsChange;
  private final List<Host.UdpSocket> sockets = new ArrayList<>();

  /** A server on both hosts. */
  public StunServer(Host primary, Host other) {
    this(primary, other, true);
  }

  /**
   * A server on both hosts.
   *
   * @param understandsChange whether it honours CHANGE-REQUEST or answers from where it was asked
   */
  public StunServer(Host primary, Host other, boolean understandsChange) {
    this.primary = primary;
    this.other = other;
    this.understandsChange = understandsChange;
    for (Host host : List.of(primary, other)) {
      for (int port : List.of(PORT, OTHER_PORT)) {
        sockets.add(host.udp(port, (source, payload) -> answer(host, port, source, payload)));
        host.tcp().listen(port, connection -> serve(host, port, connection));
      }
    }
  }

  /** The primary address with the primary port. */
  public TransportAddress address() {
    return new TransportAddress(primary.address(), PORT);
  }

  /** All four endpoints, the primary first. */
  public List<TransportAddress> endpoints() {
    return sockets.stream().map(Host.UdpSocket::local).toList();
  }

  private void serve(Host host, int port, TcpConnection connection) {
    connection.listener(
        new TcpConnection.Listener() {
          @Override
          public void received(ByteBuffer payload) {
            if (Decoder.decode(payload) instanceof StunMessage request) {
              StunMessage response = response(request, host, port, connection.remote(), host, port);
              connection.send(Encoder.PLAIN.encode(response));
            }
          }
        });
  }

  private void answer(Host host, int port, TransportAddress source, ByteBuffer payload) {
    if (!(Decoder.decode(payload) instanceof StunMessage request)
        || !request.is(MessageClass.REQUEST, Method.Known.BINDING)) {
      return;
    }
    ChangeRequest change =
        request
            .first(ChangeRequest.class)
            .filter(_ -> understandsChange)
            .orElse(new ChangeRequest(false, false));
    Host fromHost = change.changeAddress() ? opposite(host) : host;
    int fromPort = change.changePort() ? opposite(port) : port;
    TransportAddress target =
        request
            .first(ResponsePort.class)
            .map(wanted -> new TransportAddress(source.address(), wanted.port()))
            .orElse(source);
    StunMessage response = response(request, host, port, source, fromHost, fromPort);
    socket(fromHost, fromPort).send(target, Encoder.PLAIN.encode(response));
  }

  private StunMessage response(
      StunMessage request,
      Host host,
      int port,
      TransportAddress source,
      Host fromHost,
      int fromPort) {
    return request
        .success()
        .add(new XorMappedAddress(source))
        .add(new MappedAddress(source))
        .add(new ResponseOrigin(new TransportAddress(fromHost.address(), fromPort)))
        .add(new OtherAddress(new TransportAddress(opposite(host).address(), opposite(port))))
        .build();
  }

  private Host opposite(Host host) {
    return host == primary ? other : primary;
  }

  private static int opposite(int port) {
    return port == PORT ? OTHER_PORT : PORT;
  }

  private Host.UdpSocket socket(Host host, int port) {
    TransportAddress local = new TransportAddress(host.address(), port);
    return sockets.stream()
        .filter(socket -> socket.local().equals(local))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no socket on " + local));
  }
}
