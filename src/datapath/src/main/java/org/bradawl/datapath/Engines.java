package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.bradawl.datapath.linux.LinuxEngine;
import org.bradawl.datapath.portable.PortableEngine;

/** The engines there are, the fastest first. */
public final class Engines {

  private static final Logger LOG = System.getLogger(Engines.class.getName());

  private static final List<Engine> ALL = List.of(new LinuxEngine(), new PortableEngine());

  private Engines() {}

  /**
   * The engine to start.
   *
   * @throws ConfigurationProblem if one is asked for that does not run here
   */
  public static Engine choose(EngineChoice choice) {
    return switch (choice) {
      case AUTO -> fastest();
      case LINUX, PORTABLE -> named(choice);
    };
  }

  private static Engine fastest() {
    for (Engine engine : ALL) {
      Optional<String> obstacle = engine.obstacle();
      if (obstacle.isEmpty()) {
        return engine;
      }
      LOG.log(
          Level.INFO,
          () -> "the " + engine.name() + " engine does not run here: " + obstacle.get());
    }
    throw new IllegalStateException("the portable engine runs everywhere");
  }

  private static Engine named(EngineChoice choice) {
    Engine named =
        ALL.stream()
            .filter(engine -> engine.name().equals(choice.key()))
            .findFirst()
            .orElseThrow(() -> refused("this build does not have it"));
    if (named.obstacle().isPresent()) {
      throw refused(named.obstacle().get());
    }
    return named;
  }

  private static ConfigurationProblem refused(String why) {
    return new ConfigurationProblem(
        DatapathSettings.ENGINE,
        "asks for an engine that does not run here: " + why,
        "Leave it out, or give auto, for the fastest one that does.");
  }
}
