package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * A datagram to the router and its answer. NAT-PMP and PCP share the port and the way to tell an
 * answer: its version is the question's, and its opcode is the question's and 128 (RFC 6887 §9).
 */
final class Question {

  static final int PORT = 5351;

  private static final int ANSWER = 128;

  /** RFC 6886 §3.1: 250 ms, doubled each time; a user waits, so after a second it is no. */
  private static final int FIRST_WAIT_MILLIS = 250;

  private static final int TRIES = 2;

  /** RFC 6887 §7: no PCP message is longer. */
  private static final int LARGEST = 1_100;

  private Question() {}

  /**
   * Asks until it is answered.
   *
   * @param question begins with the version and the opcode
   * @param length of an answer at the least
   * @throws IOException if nobody answers
   */
  static ByteBuffer ask(InetSocketAddress router, byte[] question, int length) throws IOException {
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
          if (isAnswer(answer, question, length)) {
            return answer;
          }
        } catch (SocketTimeoutException e) {
          // Asked again, with more patience.
        }
      }
    }
    throw new IOException(router + " does not answer");
  }

  private static boolean isAnswer(ByteBuffer answer, byte[] question, int length) {
    return answer.remaining() >= length
        && answer.get(0) == question[0]
        && Byte.toUnsignedInt(answer.get(1)) == ANSWER + question[1];
  }
}
