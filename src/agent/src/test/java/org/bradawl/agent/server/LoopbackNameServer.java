package org.bradawl.agent.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * An authoritative name server on loopback, over UDP and TCP, with the records of one zone file. It
 * may have its moods.
 */
final class LoopbackNameServer implements AutoCloseable {

  /** What it makes of a question. */
  enum Mood {
    ANSWERS,
    /** Over UDP it says that the answer is too long (RFC 1035 §4.1.1's TC), over TCP all of it. */
    CUTS_SHORT,
    SAYS_NOTHING,
    /** SERVFAIL: for one that asks others, and they fail. */
    FAILS
  }

  private final DatagramSocket socket;
  private final ServerSocket listener;
  private final Function<String, Mood> mood;
  private final List<Record> zone = new CopyOnWriteArrayList<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();

  /** Serves what {@code lines} of a zone file say. */
  LoopbackNameServer(String lines) throws IOException {
    this(lines, _ -> Mood.ANSWERS);
  }

  /** The same in moods that depend on the question: type and name. */
  LoopbackNameServer(String lines, Function<String, Mood> mood) throws IOException {
    this.mood = mood;
    Master master =
        new Master(
            new java.io.ByteArrayInputStream(
                lines.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            Name.root,
            60);
    for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
      zone.add(next);
    }
    listener = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
    socket = new DatagramSocket(listener.getLocalPort(), listener.getInetAddress());
    Thread.ofVirtual().start(this::serve);
    Thread.ofVirtual().start(this::serveConnections);
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
        Optional<Message> answer = answer(new Message(query), "");
        if (answer.isPresent()) {
          byte[] bytes = answer.get().toWire();
          socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  /** RFC 1035 §4.2.2: each message with its length before it. */
  private void serveConnections() {
    try {
      while (true) {
        try (Socket connection = listener.accept()) {
          DataInputStream in = new DataInputStream(connection.getInputStream());
          byte[] query = in.readNBytes(in.readUnsignedShort());
          Optional<Message> answer = answer(new Message(query), " over TCP");
          if (answer.isPresent()) {
            byte[] bytes = answer.get().toWire();
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            out.writeShort(bytes.length);
            out.write(bytes);
          }
        }
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private Optional<Message> answer(Message query, String way) {
    Record question = query.getQuestion();
    String asked = Type.string(question.getType()) + " " + question.getName().toString(true);
    questions.add(asked + way);
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.addRecord(question, Section.QUESTION);
    switch (mood.apply(asked)) {
      case ANSWERS -> fill(answer, question);
      case CUTS_SHORT -> {
        if (way.isEmpty()) {
          answer.getHeader().setFlag(Flags.TC);
        } else {
          fill(answer, question);
        }
      }
      case SAYS_NOTHING -> {
        return Optional.empty();
      }
      case FAILS -> answer.getHeader().setRcode(Rcode.SERVFAIL);
    }
    return Optional.of(answer);
  }

  private void fill(Message answer, Record question) {
    zone.stream()
        .filter(record -> record.getName().equals(question.getName()))
        .filter(record -> record.getType() == question.getType())
        .forEach(record -> answer.addRecord(record, Section.ANSWER));
    boolean known = zone.stream().anyMatch(each -> each.getName().equals(question.getName()));
    if (!known) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    listener.close();
  }
}
