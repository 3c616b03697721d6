package org.bradawl.datapath.portable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.Datapath;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.datapath.Engine;
import org.bradawl.datapath.RelayObserver;
import org.bradawl.datapath.RunningShards;
import org.bradawl.datapath.ServerPlan;
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
    Binder.checkRelay(plan.relayAddresses());
    List<ShardSockets> sockets = Binder.bind(plan.listen(), shards(settings));
    List<PortableShard> shards = shards(settings, sockets, observer, plan);
    return new RunningShards(name(), plan, shards, threads);
  }

  private static List<PortableShard> shards(
      DatapathSettings settings,
      List<ShardSockets> sockets,
      RelayObserver observer,
      ServerPlan plan) {
    int connections = Math.ceilDiv(settings.listen().maxConnections(), sockets.size());
    List<PortableShard> shards = new ArrayList<>();
    try {
      for (ShardSockets own : sockets) {
        String name = "bradawl-shard-" + shards.size();
        shards.add(new PortableShard(name, own, connections, observer, plan::machine));
      }
      return shards;
    } catch (IOException e) {
      sockets.forEach(ShardSockets::close);
      shards.forEach(PortableShard::abandon);
      throw new ConfigurationProblem(
          DatapathSettings.SHARDS,
          "cannot be had: the system gives no selector",
          "Raise the limit of open files (ulimit -n), or give fewer shards.",
          e);
    }
  }

  /** Only Linux spreads the clients of a shared port over its sockets. */
  private static int shards(DatapathSettings settings) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return 1;
    }
    return settings.shards() > 0 ? settings.shards() : Runtime.getRuntime().availableProcessors();
  }
}
