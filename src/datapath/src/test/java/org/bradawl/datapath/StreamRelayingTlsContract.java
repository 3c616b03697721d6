package org.bradawl.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bradawl.tests.support.FreePorts;
import org.junit.jupiter.api.io.TempDir;

/** The same with the client's connections, for control and data, under TLS. */
abstract class StreamRelayingTlsContract extends StreamRelayingContract {

  @TempDir Path directory;

  @Override
  List<String> settings() {
    return List.of(
        "bradawl.listen.tls-port=" + FreePorts.one(), "bradawl.data.directory=" + directory);
  }

  @Override
  ClientWire.Tcp wire(TestRelay relay) throws IOException {
    return new TlsWire(relay.tls(), "TLSv1.3");
  }
}
