package org.bradawl.datapath;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.tests.support.FreePorts;
import org.junit.jupiter.api.io.TempDir;

/** A relay with a TLS port and a folder of its own. A subclass names the engine. */
abstract class SecureScene {

  static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path directory;

  abstract Engine engine();

  TestRelay relay(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("bradawl.listen.tls-port=" + FreePorts.one());
    all.add("bradawl.data.directory=" + directory);
    return TestRelay.start(engine(), all.toArray(String[]::new));
  }
}
