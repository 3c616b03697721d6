package org.bradawl.simulation.traversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bradawl.simulation.EndpointBehavior;
import org.bradawl.simulation.LinkQuality;
import org.bradawl.simulation.NatSpecification;
import org.bradawl.simulation.PortAllocation;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Outcome;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Transport;
import org.bradawl.traversal.broker.MeetingRecord;
import org.junit.jupiter.api.Test;

/** Homes that have IPv6 behind a firewall, beside NATs that nothing gets through. */
class Ipv6SimulationTest {

  private static final int WORLDS = 10 * Integer.getInteger("bradawl.simulation.seeds", 3);

  private static MeetingRecord meet(long seed, int homes, LinkQuality internet) {
    NatSpecification hopeless =
        NatSpecification.of(
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(new PortAllocation.Random());
    return new Brokered(new TwoHomes(seed, internet, hopeless, hopeless).withIpv6(homes))
        .begin()
        .finish();
  }

  @Test
  void inBothHomesItGoesAroundTheNats() {
    List<Long> millis = new ArrayList<>();
    for (int seed = 0; seed < WORLDS; seed++) {
      MeetingRecord record = meet(seed, 2, LinkQuality.internet());
      assertThat(record.path()).as("seed %d: %s", seed, record).contains(Method.DIRECT);
      assertThat(record.transport()).contains(Transport.UDP);
      millis.add(record.took().toMillis());
    }
    millis.sort(null);
    assertThat(millis.get(WORLDS / 2)).as("both write at once").isLessThan(500);
  }

  @Test
  void inOneHomeItIsOfNoUse() {
    for (int seed = 0; seed < WORLDS; seed++) {
      MeetingRecord record = meet(seed, 1, LinkQuality.internet());
      assertThat(record.path()).as("seed %d: %s", seed, record).contains(Method.RELAY);
    }
  }

  @Test
  void overTcpTwoSynsMeetBetweenTheFirewalls() {
    NatSpecification hopeless =
        NatSpecification.of(
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT,
                EndpointBehavior.ADDRESS_AND_PORT_DEPENDENT)
            .with(new PortAllocation.Random());
    Policy tcp = Policy.usual().over(Set.of(Transport.TCP));
    List<Long> millis = new ArrayList<>();
    for (int seed = 0; seed < WORLDS; seed++) {
      Meeting.Result result =
          new TwoHomes(seed, LinkQuality.internet(), hopeless, hopeless).withIpv6(2).meet(tcp);
      assertThat(result.path()).as("seed %d: %s", seed, result).isEqualTo("direct");
      assertThat(result.initiator())
          .isInstanceOfSatisfying(
              Outcome.Connected.class,
              connected -> assertThat(connected.transport()).isEqualTo(Transport.TCP));
      millis.add(result.initiator().took().toMillis());
    }
    millis.sort(null);
    assertThat(millis.get(WORLDS / 2)).as("both connect at once").isLessThan(500);
  }
}
