package org.bradawl.datapath.portable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.Engine;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.RunningShards;
import org.bradawl.datapath.ServerPlan;
import org.bradawl.datapath.Shard;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.turn.auth.CredentialSource;

/** Plain NIO, wherever Java runs. */
public final class PortableEngine implements Engine {

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }

  @Override
  public Datapath start(
      DatapathSettings settings,
      CredentialSource credentials,
      ThreadFactory threads,
      RelayObserver observer) {
    ServerPlan plan = new ServerPlan(settings, credentials);
    Set<Transport> kinds = EnumSet.of(Transport.UDP, Transport.TCP);
    RelayObserver watched = ServerPlan.observing(observer);
    List<Shard> shards = shards(settings, plan, settings.shardCount(), kinds, watched);
    return new RunningShards(name(), plan, shards, threads);
  }

  /**
   * Shards for the stream clients of an engine that serves datagrams in another way.
   *
   * @throws ConfigurationProblem if an address or port cannot be used, for streams or datagrams
   */
  public static List<Shard> streamShards(
      DatapathSettings settings, ServerPlan plan, int count, RelayObserver observer) {
    return shards(settings, plan, count, EnumSet.of(Transport.TCP), observer);
  }

  private static List<Shard> shards(
      DatapathSettings settings,
      ServerPlan plan,
      int count,
      Set<Transport> kinds,
      RelayObserver observer) {
    Binder.checkAddresses(plan.listen(), plan.relayAddresses());
    List<ShardSockets> sockets = Binder.bind(plan.listen(), count, kinds);
    int connections = Math.ceilDiv(settings.listen().maxConnections(), sockets.size());
    String kind = kinds.contains(Transport.UDP) ? "shard" : "streams";
    Homes homes = new Homes();
    List<Shard> shards = new ArrayList<>();
    try {
      for (ShardSockets own : sockets) {
        String name = "bradawl-" + kind + "-" + shards.size();
        shards.add(new PortableShard(name, own, connections, homes, observer, plan));
      }
      return shards;
    } catch (IOException e) {
      sockets.forEach(ShardSockets::close);
      shards.forEach(Shard::abandon);
      throw new ConfigurationProblem(
          DatapathSettings.SHARDS,
          "cannot be had: the system gives no selector",
          "Raise the limit of open files (ulimit -n), or give fewer shards.",
          e);
    }
  }
}
