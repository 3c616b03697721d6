package org.bradawl.agent.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** An authoritative name server on loopback, over UDP, with the records of one zone file. */
final class LoopbackNameServer implements AutoCloseable {

  private final DatagramSocket socket;
  private final List<Record> zone = new CopyOnWriteArrayList<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();

  /** Serves what {@code lines} of a zone file say. */
  LoopbackNameServer(String lines) throws IOException {
    Master master =
        new Master(
            new java.io.ByteArrayInputStream(
                lines.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            Name.root,
            60);
    for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
      zone.add(next);
    }
    socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  /** What it was asked, in order: type and name. */
  List<String> questions() {
    return questions;
  }

  private void serve() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(packet);
        byte[] query = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        byte[] answer = answer(new Message(query)).toWire();
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private Message answer(Message query) {
    Record question = query.getQuestion();
    questions.add(Type.string(question.getType()) + " " + question.getName().toString(true));
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.addRecord(question, Section.QUESTION);
    zone.stream()
        .filter(record -> record.getName().equals(question.getName()))
        .filter(record -> record.getType() == question.getType())
        .forEach(record -> answer.addRecord(record, Section.ANSWER));
    boolean known = zone.stream().anyMatch(each -> each.getName().equals(question.getName()));
    if (!known) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
