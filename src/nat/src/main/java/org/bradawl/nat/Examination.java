package org.bradawl.nat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChangedAddress;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Padding;

/**
 * The tests of a {@link Discovery}: which of them the answers so far allow, which still need to be
 * asked again, and what they say.
 */
final class Examination {

  /** Sends a probe's next attempt. */
  @FunctionalInterface
  interface Transmitter {
    void transmit(Probe probe, long now);
  }

  /** Eight mappings besides the two of the tests: enough to tell a block from a counter. */
  static final int SOCKETS = 10;

  private static final int MAPPING = 0;
  private static final int FILTERING = 1;
  private static final int HAIRPIN_A = 2;
  private static final int HAIRPIN_B = 3;
  private static final int FRAGMENTS = 4;

  /** With its headers more than an Ethernet frame holds, so that it must travel in pieces. */
  private static final int PADDING_BYTES = 1_600;

  private final TransportAddress server;
  private final Map<Integer, TransportAddress> locals;
  private final Transmitter transmitter;
  private final List<Probe> samples = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();
  private Optional<Probe> second = Optional.empty();
  private Optional<Probe> third = Optional.empty();
  private Optional<Probe> control = Optional.empty();
  private Optional<Probe> changeBoth = Optional.empty();
  private Optional<Probe> changePort = Optional.empty();
  private Optional<Probe> changeWorks = Optional.empty();
  private Optional<Probe> early = Optional.empty();
  private List<Probe> hairpin = List.of();
  private Optional<Probe> padded = Optional.empty();
  private Optional<Behavior> filteringBeforeEarly = Optional.empty();
  private Optional<Report.HairpinSource> hairpinSource = Optional.empty();
  private Silence silence = new Silence(1, 0);

  Examination(
      TransportAddress server, Map<Integer, TransportAddress> locals, Transmitter transmitter) {
    this.server = server;
    this.locals = locals;
    this.transmitter = transmitter;
  }

  /** Makes the next mapping of the burst; whether there was one left to make. */
  boolean sample(long now) {
    if (isSampled()) {
      return false;
    }
    int socket = samples.size();
    samples.add(begin("sample " + (socket + 1), socket, server, List.of(), now));
    return true;
  }

  boolean isSampled() {
    return samples.size() == SOCKETS;
  }

  boolean isReachable() {
    return probes.stream().anyMatch(probe -> probe.reply().isPresent());
  }

  /** Sends again whatever is still open. */
  void repeat(long now) {
    for (Probe probe : List.copyOf(probes)) {
      boolean isControl = control.filter(found -> found == probe).isPresent();
      if (isControl ? controlIsNeeded(now) : isOpen(probe, now)) {
        transmitter.transmit(probe, now);
      }
    }
  }

  void answered(int socket, TransportAddress from, StunMessage message, long now) {
    for (Probe probe : probes) {
      if (probe.socket() == socket && probe.take(from, message, now)) {
        return;
      }
    }
  }

  void hairpinned(TransportAddress from, StunMessage request, long now) {
    for (Probe probe : hairpin) {
      if (probe.owns(request.transactionId())) {
        boolean internal = from.equals(locals.get(probe.socket()));
        hairpinSource =
            Optional.of(internal ? Report.HairpinSource.INTERNAL : Report.HairpinSource.EXTERNAL);
        probe.take(from, request, now);
      }
    }
  }

  /** Asks whatever the answers so far allow to ask. */
  void ask(long now) {
    silence = Silence.measured(unfiltered(), now);
    Optional<TransportAddress> other = otherAddress();
    if (other.isPresent()) {
      askMapping(other.get(), now);
      askFiltering(now);
      askEarly(other.get(), now);
    }
    if (control.isEmpty() && samples.get(FILTERING).reply().isPresent()) {
      control = Optional.of(begin("control", FILTERING, server, List.of(), now));
    }
    askHairpin(now);
    if (padded.isEmpty() && samples.get(FRAGMENTS).reply().isPresent()) {
      Attribute padding = new Padding(Bytes.owning(new byte[PADDING_BYTES]));
      padded = Optional.of(begin("fragments", FRAGMENTS, server, List.of(padding), now));
    }
  }

  private void askMapping(TransportAddress other, long now) {
    if (second.isEmpty() && samples.get(MAPPING).mapped().isPresent()) {
      TransportAddress otherAddressSamePort = new TransportAddress(other.address(), server.port());
      second = Optional.of(begin("mapping II", MAPPING, otherAddressSamePort, List.of(), now));
      third = Optional.of(begin("mapping III", MAPPING, other, List.of(), now));
    }
    boolean opened =
        second.flatMap(Probe::reply).isPresent() && third.flatMap(Probe::reply).isPresent();
    if (changeWorks.isEmpty() && opened && mapping().isIndependent()) {
      // This socket has written to the other address, so nothing on the way filters the answer.
      changeWorks = Optional.of(beginChange("change request works", MAPPING, true, now));
    }
  }

  private void askFiltering(long now) {
    if (changeBoth.isEmpty() && samples.get(FILTERING).reply().isPresent()) {
      changeBoth = Optional.of(beginChange("filtering II", FILTERING, true, now));
      changePort = Optional.of(beginChange("filtering III", FILTERING, false, now));
    }
  }

  private void askEarly(TransportAddress other, long now) {
    boolean applies =
        mapping() == Behavior.ENDPOINT_INDEPENDENT
            && filtering(now) == Behavior.ADDRESS_AND_PORT_DEPENDENT;
    if (early.isEmpty() && applies) {
      // The other address has been writing to this socket in vain; now the socket writes to it.
      // That opens the filter, so what was found about it stands from here on.
      filteringBeforeEarly = Optional.of(Behavior.ADDRESS_AND_PORT_DEPENDENT);
      early = Optional.of(begin("early packet", FILTERING, other, List.of(), now));
    }
  }

  private void askHairpin(long now) {
    Optional<TransportAddress> a = samples.get(HAIRPIN_A).mapped();
    Optional<TransportAddress> b = samples.get(HAIRPIN_B).mapped();
    if (hairpin.isEmpty() && a.isPresent() && b.isPresent() && hairpinApplies()) {
      hairpin =
          List.of(
              begin("hairpin A", HAIRPIN_A, b.get(), List.of(), now),
              begin("hairpin B", HAIRPIN_B, a.get(), List.of(), now));
    }
  }

  private boolean hairpinApplies() {
    return mapping() != Behavior.NONE && mapping() != Behavior.UNKNOWN;
  }

  private Probe beginChange(String name, int socket, boolean address, long now) {
    return begin(name, socket, server, List.of(new ChangeRequest(address, true)), now);
  }

  private Probe begin(
      String name, int socket, TransportAddress to, List<Attribute> attributes, long now) {
    Probe probe = new Probe(name, socket, to, attributes);
    probes.add(probe);
    transmitter.transmit(probe, now);
    return probe;
  }

  private boolean isOpen(Probe probe, long now) {
    boolean asksTheFilter =
        changeBoth.filter(found -> found == probe).isPresent()
            || changePort.filter(found -> found == probe).isPresent();
    return probe.reply().isEmpty()
        && !(asksTheFilter && filteringBeforeEarly.isPresent())
        && answer(Optional.of(probe), now) == Answer.UNKNOWN;
  }

  private boolean controlIsNeeded(long now) {
    return mayMeetSilence().stream().anyMatch(probe -> isOpen(probe, now));
  }

  private List<Probe> mayMeetSilence() {
    List<Probe> open = new ArrayList<>(hairpin);
    changeBoth.ifPresent(open::add);
    changePort.ifPresent(open::add);
    changeWorks.ifPresent(open::add);
    padded.ifPresent(open::add);
    return open;
  }

  /** What nothing on the way has a reason to drop. */
  private List<Probe> unfiltered() {
    List<Probe> all = new ArrayList<>(samples);
    control.ifPresent(all::add);
    second.ifPresent(all::add);
    third.ifPresent(all::add);
    return all;
  }

  private Optional<TransportAddress> otherAddress() {
    Optional<StunMessage> first =
        samples.isEmpty()
            ? Optional.empty()
            : samples.get(MAPPING).reply().map(Probe.Reply::message);
    return first
        .flatMap(message -> message.first(OtherAddress.class).map(OtherAddress::address))
        .or(() ->
            first.flatMap(
                message -> message.first(ChangedAddress.class).map(ChangedAddress::address)))
        .filter(other -> other.address().family() == server.address().family())
        .filter(other -> !other.address().equals(server.address()));
  }

  /** Whether the test was answered, provably not, or neither yet. */
  private Answer answer(Optional<Probe> probe, long now) {
    if (probe.isEmpty()) {
      return Answer.UNKNOWN;
    }
    if (probe.get().reply().isPresent()) {
      return Answer.YES;
    }
    boolean proven =
        mayMeetSilence().contains(probe.get())
            && control.isPresent()
            && silence.proven(probe.get(), control.get(), now);
    return proven ? Answer.NO : Answer.UNKNOWN;
  }

  private Behavior mapping() {
    TransportAddress local = locals.get(MAPPING);
    return local == null
        ? Behavior.UNKNOWN
        : Classifier.mapping(
            local,
            samples.get(MAPPING).mapped(),
            second.flatMap(Probe::mapped),
            third.flatMap(Probe::mapped));
  }

  private Behavior filtering(long now) {
    if (filteringBeforeEarly.isPresent()) {
      return filteringBeforeEarly.get();
    }
    Optional<TransportAddress> other = otherAddress();
    if (other.isEmpty() || !changesAsAsked(other.get())) {
      return Behavior.UNKNOWN;
    }
    Answer fromElsewhere = answer(changeBoth, now);
    boolean changeProven = answer(changeWorks, now) == Answer.YES || mapping().isDependent();
    if (fromElsewhere == Answer.NO && !changeProven) {
      return Behavior.UNKNOWN;
    }
    return Classifier.filtering(mapping(), fromElsewhere, answer(changePort, now));
  }

  /** A server that answers a change request from where it was asked does not understand it. */
  private boolean changesAsAsked(TransportAddress other) {
    boolean elsewhere = comesFrom(changeBoth, other) && comesFrom(changeWorks, other);
    TransportAddress otherPort = new TransportAddress(server.address(), other.port());
    return elsewhere && comesFrom(changePort, otherPort);
  }

  private static boolean comesFrom(Optional<Probe> probe, TransportAddress expected) {
    return probe.flatMap(Probe::reply).map(reply -> reply.from().equals(expected)).orElse(true);
  }

  private Answer hairpinning(long now) {
    if (hairpin.stream().anyMatch(probe -> probe.reply().isPresent())) {
      return Answer.YES;
    }
    boolean silent =
        !hairpin.isEmpty()
            && hairpin.stream().allMatch(probe -> answer(Optional.of(probe), now) == Answer.NO);
    // Where the mapping or the filter looks at the remote endpoint, the endpoint that the server
    // saw
    // admits nobody else, hairpinned or not, and silence says nothing.
    boolean telling =
        mapping() == Behavior.ENDPOINT_INDEPENDENT
            || filtering(now) == Behavior.ENDPOINT_INDEPENDENT;
    return silent && telling ? Answer.NO : Answer.UNKNOWN;
  }

  private Answer earlyPacketMovesPort() {
    Optional<TransportAddress> before = samples.get(FILTERING).mapped();
    Optional<TransportAddress> after = early.flatMap(Probe::mapped);
    return before.isPresent() && after.isPresent()
        ? Answer.of(!before.equals(after))
        : Answer.UNKNOWN;
  }

  private boolean testsAreSettled(long now) {
    boolean earlyApplies = early.isPresent();
    return mapping() != Behavior.UNKNOWN
        && (filtering(now) != Behavior.UNKNOWN
            || mayMeetSilence().stream().noneMatch(probe -> isOpen(probe, now)))
        && (!earlyApplies || earlyPacketMovesPort() != Answer.UNKNOWN);
  }

  private List<PortSample> portSamples() {
    List<PortSample> found = new ArrayList<>();
    for (Probe probe : samples) {
      TransportAddress local = locals.get(probe.socket());
      Optional<TransportAddress> mapped = probe.mapped();
      if (local != null && mapped.isPresent()) {
        boolean ordered = probe.reply().map(reply -> reply.attempt() == 0).orElse(false);
        found.add(new PortSample(local.port(), probe.to(), mapped.get(), probe.socket(), ordered));
      }
    }
    return found;
  }

  /** Whether nothing is left to ask. */
  boolean isSettled(long now) {
    if (!isSampled() || samples.stream().anyMatch(probe -> probe.reply().isEmpty())) {
      return false;
    }
    boolean tests = otherAddress().isEmpty() || testsAreSettled(now);
    boolean hairpins =
        !hairpinApplies()
            || hairpinning(now) != Answer.UNKNOWN
            || hairpin.stream().noneMatch(probe -> isOpen(probe, now));
    return tests && hairpins && answer(padded, now) != Answer.UNKNOWN;
  }

  /** What was found, with what TCP adds. */
  Report report(TcpMapping tcp, long now) {
    List<PortSample> ports = portSamples();
    Answer udp = tcp.isAnswered() ? Answer.NO : Answer.UNKNOWN;
    return new Report(
        isReachable() ? Answer.YES : udp,
        mapping(),
        filtering(now),
        tcp.behavior(),
        hairpinning(now),
        hairpinSource,
        mapping() == Behavior.NONE ? new PortModel.Preserving(1) : PortModel.of(ports),
        Classifier.severalAddresses(ports),
        earlyPacketMovesPort(),
        answer(padded, now),
        Classifier.genericAlg(probes.stream().flatMap(probe -> probe.answers().stream()).toList()),
        Optional.empty(),
        publicEndpoints(),
        List.copyOf(locals.values()),
        evidence(tcp));
  }

  private List<TransportAddress> publicEndpoints() {
    List<TransportAddress> seen = new ArrayList<>();
    samples.stream().limit(1).flatMap(probe -> probe.mapped().stream()).forEach(seen::add);
    second.flatMap(Probe::mapped).ifPresent(seen::add);
    third.flatMap(Probe::mapped).ifPresent(seen::add);
    return seen.stream().distinct().toList();
  }

  private List<Evidence> evidence(TcpMapping tcp) {
    List<Evidence> all = new ArrayList<>();
    for (Probe probe : probes) {
      TransportAddress local = locals.get(probe.socket());
      if (local != null) {
        all.add(probe.evidence(local));
      }
    }
    all.addAll(tcp.evidence());
    return all;
  }
}
