package org.bradawl.datapath;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AlternateAddress;
import org.bradawl.turn.server.RelayAddress;
import org.bradawl.turn.server.TurnSettings;

/** Puts together what the machines are told, from the settings and from what was found here. */
final class RelayPlan {

  private RelayPlan() {}

  /** Where relay sockets are bound: as configured, else wherever clients are listened to. */
  static List<IpAddress> relayAddresses(RelaySettings settings, ListenPlan plan) {
    if (!settings.addresses().isEmpty()) {
      return settings.addresses();
    }
    Stream<IpAddress> alternates = plan.alternates().stream().map(AlternateAddress::alternate);
    return Stream.concat(plan.addresses().stream(), alternates).distinct().toList();
  }

  /** What every machine of a server is made with. */
  static TurnSettings turnSettings(
      DatapathSettings settings, ListenPlan plan, List<RelayAddress> relayAddresses) {
    RelaySettings relay = settings.relay();
    TurnSettings defaults = TurnSettings.of(settings.turn().realm());
    return new TurnSettings(
        defaults.realm(),
        defaults.software(),
        relayAddresses,
        relay.minPort(),
        relay.maxPort(),
        plan.alternates(),
        ownAddresses(plan, relayAddresses),
        ownServices(settings, plan, relayAddresses),
        relay.peers(),
        defaults.maxLifetime(),
        defaults.nonceLifetime(),
        settings.limits().quotas());
  }

  private static Set<IpAddress> ownAddresses(ListenPlan plan, List<RelayAddress> relayAddresses) {
    Set<IpAddress> own = new HashSet<>(LocalAddresses.all());
    plan.endpoints().forEach(endpoint -> own.add(endpoint.address()));
    relayAddresses.forEach(address -> {
      own.add(address.local());
      own.add(address.advertised());
    });
    return own;
  }

  /** The listeners, also as they look from beyond a 1:1 NAT, and what the settings protect. */
  private static Set<TransportAddress> ownServices(
      DatapathSettings settings, ListenPlan plan, List<RelayAddress> relayAddresses) {
    Set<TransportAddress> services = new HashSet<>(settings.protectedServices());
    for (TransportAddress endpoint : plan.all()) {
      services.add(endpoint);
      relayAddresses.forEach(
          address -> services.add(new TransportAddress(address.advertised(), endpoint.port())));
    }
    return services;
  }
}
