package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/** A datagram to the router and its answer. */
final class Question {

  /** RFC 6886 §3.1: 250 ms, doubled each time; a user waits, so after a second it is no. */
  private static final int FIRST_WAIT_MILLIS = 250;

  private static final int TRIES = 2;

  /** RFC 6887 §7: no PCP message is longer. */
  private static final int LARGEST = 1_100;

  private Question() {}

  /**
   * Asks until it is answered.
   *
   * @param isAnswer tells the answer from anything else
   * @throws IOException if nobody answers
   */
  static ByteBuffer ask(InetSocketAddress router, byte[] question, Predicate<ByteBuffer> isAnswer)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(router);
      int wait = FIRST_WAIT_MILLIS;
      for (int i = 0; i < TRIES; i++, wait *= 2) {
        socket.send(new DatagramPacket(question, question.length));
        socket.setSoTimeout(wait);
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        try {
          socket.receive(packet);
          ByteBuffer answer = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
          if (isAnswer.test(answer)) {
            return answer;
          }
        } catch (SocketTimeoutException e) {
          // Asked again, with more patience.
        }
      }
    }
    throw new IOException(router + " does not answer");
  }
}
