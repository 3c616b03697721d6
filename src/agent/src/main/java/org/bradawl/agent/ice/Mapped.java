package org.bradawl.agent.ice;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorMappedAddress;

/** One socket's question to a STUN server: as what do you see me? */
final class Mapped {

  /** RFC 8489 §6.2.1's first interval, which doubles. */
  private static final long FIRST_NANOS = 500_000_000L;

  /** After 3.5 s nobody will answer; what matters has been found otherwise by then. */
  private static final int TRIES = 3;

  /** Takes the answer. */
  @FunctionalInterface
  interface Told {
    void told(Optional<TransportAddress> mapped);
  }

  private final UdpEnd end;
  private final TransportAddress server;
  private final StunMessage request;
  private final Told listener;
  private final EventLoop.Alarm alarm;
  private int sent;
  private boolean over;

  Mapped(
      EventLoop loop, RandomGenerator random, UdpEnd end, TransportAddress server, Told listener) {
    this.end = end;
    this.server = server;
    this.listener = listener;
    this.request = StunMessage.request(Method.Known.BINDING, TransactionId.random(random)).build();
    this.alarm = loop.alarm(this::ask);
  }

  void ask() {
    if (sent == TRIES) {
      finish(Optional.empty());
      return;
    }
    end.send(server, Encoder.PLAIN.fingerprinted().encode(request));
    alarm.in(FIRST_NANOS << sent++);
  }

  /** Whether a message was the answer. */
  boolean take(TransportAddress from, StunMessage message) {
    if (!from.equals(server) || !message.transactionId().equals(request.transactionId())) {
      return false;
    }
    boolean success = message.messageClass() == MessageClass.SUCCESS_RESPONSE;
    finish(
        message.first(XorMappedAddress.class).filter(_ -> success).map(XorMappedAddress::address));
    return true;
  }

  private void finish(Optional<TransportAddress> mapped) {
    if (!over) {
      stop();
      listener.told(mapped);
    }
  }

  void stop() {
    over = true;
    alarm.remove();
  }
}
