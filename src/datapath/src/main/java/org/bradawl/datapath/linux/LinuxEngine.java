package org.bradawl.datapath.linux;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
import org.bradawl.datapath.Shard;
import org.bradawl.datapath.portable.PortableEngine;
import org.bradawl.turn.auth.CredentialSource;

/**
 * Datagrams by epoll and batches. Stream clients keep to shards of their own, which are the
 * portable engine's: a TCP or TLS leg costs more than a system call more or less, and there it
 * cannot keep datagrams waiting.
 */
public final class LinuxEngine implements Engine {

  private static final Logger LOG = System.getLogger(LinuxEngine.class.getName());

  private final boolean usesRuns;

  /** The engine that uses all that the kernel has. */
  public LinuxEngine() {
    this(true);
  }

  private LinuxEngine(boolean usesRuns) {
    this.usesRuns = usesRuns;
  }

  /** One that runs as on a kernel without UDP_GRO and UDP_SEGMENT. */
  public static LinuxEngine withoutRuns() {
    return new LinuxEngine(false);
  }

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public Optional<String> obstacle() {
    if (!Abi.describesThisMachine()) {
      return Optional.of(
          "it knows Linux on x86-64 and aarch64, not "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch"));
    }
    if (!LinuxEngine.class.getModule().isNativeAccessEnabled()) {
      return Optional.of(
          "Java does not let it call the system; start with --enable-native-access=ALL-UNNAMED");
    }
    return Optional.empty();
  }

  @Override
  public Datapath start(
      DatapathSettings settings,
      CredentialSource credentials,
      ThreadFactory threads,
      RelayObserver observer) {
    if (!settings.listen().proxies().isEmpty()) {
      LOG.log(Level.INFO, "behind proxies datagrams are served by the portable engine");
      return new PortableEngine().start(settings, credentials, threads, observer);
    }
    ServerPlan plan = new ServerPlan(settings, credentials);
    RelayObserver watched = ServerPlan.observing(observer);
    int count = settings.shardCount();
    List<Shard> shards =
        new ArrayList<>(
            PortableEngine.streamShards(settings, plan, Math.ceilDiv(count, 2), watched));
    KernelFeatures probed = KernelFeatures.probe();
    KernelFeatures features = usesRuns ? probed : probed.withoutRuns();
    tell(features);
    try {
      for (int i = 0; i < count; i++) {
        shards.add(
            new LinuxShard(
                "bradawl-shard-" + i,
                plan.listen().endpoints(),
                count > 1,
                features,
                watched,
                plan::machine));
      }
    } catch (SocketFailure e) {
      shards.forEach(Shard::abandon);
      throw new ConfigurationProblem(
          plan.listen().portKey(e.address()),
          "cannot be used: port "
              + e.address().port()
              + " of "
              + e.address().address()
              + " for UDP is not to be had (errno "
              + e.errno()
              + ")",
          "Stop the program that holds it (`ss -lunp sport = :"
              + e.address().port()
              + "` shows it), or give another port.",
          e);
    }
    return new RunningShards(name(), plan, shards, threads);
  }

  private static void tell(KernelFeatures features) {
    if (!features.receiveRuns() || !features.sendRuns()) {
      LOG.log(
          Level.INFO,
          "this kernel has no "
              + (features.receiveRuns() ? "UDP_SEGMENT" : "UDP_GRO")
              + ": datagrams travel one by one, in batches");
    }
    if (!features.shortSlices()) {
      LOG.log(
          Level.INFO,
          "this kernel gives threads no shorter turns (Linux 6.12 does): packets may wait some ms"
              + " while other threads use the same core");
    }
    if (features.receiveBuffer() < KernelFeatures.LISTENER_BUFFER) {
      LOG.log(
          Level.INFO,
          "listeners get a receive buffer of "
              + features.receiveBuffer() / 1024
              + " kB; bursts are safer with more: sysctl -w net.core.rmem_max="
              + KernelFeatures.LISTENER_BUFFER);
    }
  }
}
