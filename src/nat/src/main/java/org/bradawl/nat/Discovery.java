package org.bradawl.nat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChangedAddress;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Padding;

/**
 * NAT behaviour discovery (RFC 5780) as a machine: what happened and when goes in, what to do comes
 * out through {@link DiscoveryActions}.
 *
 * <p>It begins with a burst: one request from each of ten fresh sockets, which shows how the NAT
 * chooses ports. Then, all at once and every 100 ms: the mapping tests from the first socket, the
 * filtering tests from the second (answers from elsewhere open the filter and would falsify a
 * mapping test on the same socket), hairpinning between two others, a padded request from a fifth.
 * Silence counts only beside a control request that was answered; see {@link Silence}.
 *
 * <p>RFC 8489 §6.2.1 would repeat a request for 39.5 s. Here a question is asked again every tick,
 * with a new transaction id, until it is settled or {@link DiscoverySettings#limit} is over.
 */
public final class Discovery {

  /** 10 ms keep requests in order on any network that does not hold packets back on purpose. */
  private static final long BURST_SPACING_NANOS = 10_000_000L;

  /** Eight mappings besides the two of the tests: enough to tell a block from a counter. */
  private static final int SOCKETS = 10;

  private static final int MAPPING = 0;
  private static final int FILTERING = 1;
  private static final int HAIRPIN_A = 2;
  private static final int HAIRPIN_B = 3;
  private static final int FRAGMENTS = 4;

  /** A tenth of a second between attempts: a dozen in a row fit the limit, at 5 kB/s in all. */
  private static final long TICK_NANOS = 100_000_000L;

  /** With its headers more than an Ethernet frame holds, so that it must travel in pieces. */
  private static final int PADDING_BYTES = 1_600;

  private final DiscoverySettings settings;
  private final RandomGenerator random;
  private final DiscoveryActions actions;
  private final TcpMapping tcp;
  private final TreeMap<Integer, TransportAddress> locals = new TreeMap<>();
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
  private Optional<Report> report = Optional.empty();
  private boolean started;
  private long startNanos;
  private long nextNanos;
  private int tick;
  private Silence silence = new Silence(1, 0);

  /** A discovery that has not begun. */
  public Discovery(DiscoverySettings settings, RandomGenerator random, DiscoveryActions actions) {
    this.settings = settings;
    this.random = random;
    this.actions = actions;
    this.tcp = new TcpMapping(actions, random, settings.server());
  }

  /** Begins. */
  public void start(long now) {
    started = true;
    startNanos = now;
    nextNanos = now;
    for (int socket = 0; socket < SOCKETS; socket++) {
      actions.open(socket);
    }
    if (settings.tcp()) {
      tcp.start();
    }
    advance(now);
  }

  /** A socket is open; {@code local} bears the address that packets to the server leave from. */
  public void opened(int socket, TransportAddress local) {
    locals.put(socket, local);
  }

  /** A TCP connection stands. */
  public void connected(int connection, TransportAddress local, long now) {
    tcp.connected(connection, local, now);
  }

  /** A TCP connection did not come about or is gone. */
  public void connectionFailed(int connection, long now) {
    tcp.failed();
    advance(now);
  }

  /** A message has come over a TCP connection. */
  public void receivedOver(int connection, StunMessage message, long now) {
    tcp.received(connection, message, now);
    advance(now);
  }

  /** A datagram has come that is a STUN message. Strangers' messages change nothing. */
  public void received(int socket, TransportAddress from, StunMessage message, long now) {
    if (report.isPresent()) {
      return;
    }
    if (message.is(MessageClass.REQUEST, Method.Known.BINDING)) {
      hairpinned(from, message, now);
    } else if (message.is(MessageClass.SUCCESS_RESPONSE, Method.Known.BINDING)) {
      answered(socket, from, message, now);
    }
    advance(now);
  }

  private void answered(int socket, TransportAddress from, StunMessage message, long now) {
    for (Probe probe : probes) {
      if (probe.socket() == socket && probe.take(from, message, now)) {
        return;
      }
    }
  }

  private void hairpinned(TransportAddress from, StunMessage request, long now) {
    for (Probe probe : hairpin) {
      if (probe.owns(request.transactionId())) {
        boolean internal = from.equals(locals.get(probe.socket()));
        hairpinSource =
            Optional.of(internal ? Report.HairpinSource.INTERNAL : Report.HairpinSource.EXTERNAL);
        probe.take(from, request, now);
      }
    }
  }

  /** When {@link #advance} wants to be called next; empty before the start and after the end. */
  public OptionalLong deadlineNanos() {
    return started && report.isEmpty() ? OptionalLong.of(nextNanos) : OptionalLong.empty();
  }

  /** What was found, once it is over. */
  public Optional<Report> report() {
    return report;
  }

  /** Does what is due. */
  public void advance(long now) {
    if (!started || report.isPresent()) {
      return;
    }
    burst(now);
    if (samples.size() == SOCKETS) {
      silence = Silence.measured(unfiltered(), now);
      ask(now);
      if (now - nextNanos >= 0) {
        tick++;
        nextNanos = now + TICK_NANOS;
        repeat(now);
      }
    }
    long elapsed = now - startNanos;
    if (!isReachable() && elapsed >= settings.limit().toNanos() / 2) {
      // Nothing came back: only another way to the same server can tell why.
      tcp.start();
    }
    if (elapsed >= settings.limit().toNanos() || isSettled(now)) {
      finish(now);
    }
  }

  private void burst(long now) {
    while (samples.size() < SOCKETS && now - nextNanos >= 0) {
      int socket = samples.size();
      Probe probe = new Probe("sample " + (socket + 1), socket, settings.server(), List.of());
      samples.add(probe);
      begin(probe, now);
      nextNanos = now + BURST_SPACING_NANOS;
    }
  }

  /** Asks whatever the answers so far allow to ask. */
  private void ask(long now) {
    Optional<TransportAddress> other = otherAddress();
    if (other.isPresent()) {
      askMapping(other.get(), now);
      askFiltering(now);
      askEarly(other.get(), now);
    }
    if (control.isEmpty() && samples.get(FILTERING).reply().isPresent()) {
      control = Optional.of(begin("control", FILTERING, settings.server(), List.of(), now));
    }
    askHairpin(now);
    if (padded.isEmpty() && samples.get(FRAGMENTS).reply().isPresent()) {
      Attribute padding = new Padding(Bytes.owning(new byte[PADDING_BYTES]));
      padded = Optional.of(begin("fragments", FRAGMENTS, settings.server(), List.of(padding), now));
    }
  }

  private void askMapping(TransportAddress other, long now) {
    if (second.isEmpty() && samples.get(MAPPING).mapped().isPresent()) {
      TransportAddress otherAddressSamePort =
          new TransportAddress(other.address(), settings.server().port());
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
    return begin(name, socket, settings.server(), List.of(new ChangeRequest(address, true)), now);
  }

  private Probe begin(
      String name, int socket, TransportAddress to, List<Attribute> attributes, long now) {
    Probe probe = new Probe(name, socket, to, attributes);
    begin(probe, now);
    return probe;
  }

  private void begin(Probe probe, long now) {
    probes.add(probe);
    transmit(probe, now);
  }

  private void transmit(Probe probe, long now) {
    if (locals.containsKey(probe.socket())) {
      StunMessage request = probe.attempt(TransactionId.random(random), now, tick);
      actions.send(probe.socket(), probe.to(), request);
    }
  }

  private void repeat(long now) {
    for (Probe probe : probes) {
      boolean isControl = control.filter(found -> found == probe).isPresent();
      if (isControl ? controlIsNeeded(now) : isOpen(probe, now)) {
        transmit(probe, now);
      }
    }
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

  private boolean isReachable() {
    return probes.stream().anyMatch(probe -> probe.reply().isPresent());
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
        .filter(other -> other.address().family() == settings.server().address().family())
        .filter(other -> !other.address().equals(settings.server().address()));
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
    TransportAddress otherPort = new TransportAddress(settings.server().address(), other.port());
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

  private boolean isSettled(long now) {
    if (samples.size() < SOCKETS || samples.stream().anyMatch(probe -> probe.reply().isEmpty())) {
      return false;
    }
    boolean tests = otherAddress().isEmpty() || testsAreSettled(now);
    boolean hairpins =
        !hairpinApplies()
            || hairpinning(now) != Answer.UNKNOWN
            || hairpin.stream().noneMatch(probe -> isOpen(probe, now));
    return tests
        && hairpins
        && answer(padded, now) != Answer.UNKNOWN
        && (!tcp.isStarted() || tcp.isSettled());
  }

  private boolean testsAreSettled(long now) {
    boolean earlyApplies = early.isPresent();
    return mapping() != Behavior.UNKNOWN
        && (filtering(now) != Behavior.UNKNOWN
            || mayMeetSilence().stream().noneMatch(probe -> isOpen(probe, now)))
        && (!earlyApplies || earlyPacketMovesPort() != Answer.UNKNOWN);
  }

  private Answer udp() {
    if (isReachable()) {
      return Answer.YES;
    }
    return tcp.isAnswered() ? Answer.NO : Answer.UNKNOWN;
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

  private void finish(long now) {
    List<PortSample> ports = portSamples();
    List<TransportAddress> seen = new ArrayList<>();
    samples.stream().limit(1).flatMap(probe -> probe.mapped().stream()).forEach(seen::add);
    second.flatMap(Probe::mapped).ifPresent(seen::add);
    third.flatMap(Probe::mapped).ifPresent(seen::add);
    Report found =
        new Report(
            udp(),
            mapping(),
            filtering(now),
            tcp.behavior(),
            hairpinning(now),
            hairpinSource,
            mapping() == Behavior.NONE ? new PortModel.Preserving(1) : PortModel.of(ports),
            Classifier.severalAddresses(ports),
            earlyPacketMovesPort(),
            answer(padded, now),
            Classifier.genericAlg(
                probes.stream().flatMap(probe -> probe.answers().stream()).toList()),
            Optional.empty(),
            seen.stream().distinct().toList(),
            List.copyOf(locals.values()),
            evidence());
    report = Optional.of(found);
    actions.finished(found);
  }

  private List<Evidence> evidence() {
    List<Evidence> all = new ArrayList<>();
    for (Probe probe : probes) {
      TransportAddress local = locals.get(probe.socket());
      if (local != null) {
        all.add(probe.evidence(local));
      }
    }
    all.addAll(tcp.evidence());
    return Collections.unmodifiableList(all);
  }
}
