package org.bradawl.agent.ice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LengthFraming;
import org.bradawl.agent.net.TcpLink;
import org.bradawl.agent.net.TcpPort;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/** The connections of one candidate: those that come to its port, or those that it makes. */
final class TcpEnd implements End {

  /** A peer has one; more are tried by those who are none. */
  private static final int MOST_LINKS = 16;

  private final EventLoop loop;
  private final IpAddress address;
  private final Inlet inlet;
  private final Map<TransportAddress, TcpLink> links = new HashMap<>();
  private Optional<TcpPort> port = Optional.empty();

  private TcpEnd(EventLoop loop, IpAddress address, Inlet inlet) {
    this.loop = loop;
    this.address = address;
    this.inlet = inlet;
  }

  /** One that connects to whom it is to send to. */
  static TcpEnd active(EventLoop loop, IpAddress address, Inlet inlet) {
    return new TcpEnd(loop, address, inlet);
  }

  /** One that waits for connections, framed as RFC 6544 §3 says. */
  static TcpEnd passive(EventLoop loop, IpAddress address, Inlet inlet) throws IOException {
    TcpEnd end = new TcpEnd(loop, address, inlet);
    end.port =
        Optional.of(
            TcpPort.listen(
                loop, new TransportAddress(address, 0), LengthFraming::new, end::accepted));
    return end;
  }

  /** Where it listens; for a passive one. */
  TransportAddress local() {
    return port.orElseThrow().local();
  }

  private void accepted(TcpLink link) {
    try {
      TransportAddress remote = link.remote();
      if (links.size() >= MOST_LINKS || links.containsKey(remote)) {
        link.close();
        return;
      }
      links.put(remote, link);
      link.listener(new OfLink(remote));
    } catch (IOException e) {
      // It is gone before it was looked at.
      link.close();
    }
  }

  @Override
  public void send(TransportAddress to, ByteBuffer datagram) {
    TcpLink link = links.get(to);
    if (link != null) {
      link.send(datagram);
    } else if (port.isEmpty()) {
      connect(to, datagram);
    }
  }

  private void connect(TransportAddress to, ByteBuffer first) {
    try {
      TcpLink link =
          TcpLink.connect(
              loop, new TransportAddress(address, 0), to, new LengthFraming(), new OfLink(to));
      links.put(to, link);
      link.send(first);
    } catch (IOException e) {
      loop.execute(() -> inlet.disconnected(to));
    }
  }

  @Override
  public void close() {
    port.ifPresent(TcpPort::close);
    List.copyOf(links.values()).forEach(TcpLink::close);
    links.clear();
  }

  private final class OfLink implements TcpLink.Listener {

    private final TransportAddress remote;

    OfLink(TransportAddress remote) {
      this.remote = remote;
    }

    @Override
    public void connected(TransportAddress local) {
      // What waited is sent by the link itself.
    }

    @Override
    public void closed() {
      links.remove(remote);
      // Not from within the machine's own call.
      loop.execute(() -> inlet.disconnected(remote));
    }

    @Override
    public void received(ByteBuffer message) {
      inlet.received(remote, message);
    }
  }
}
