package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.Connection;
import org.bradawl.agent.Event;
import org.bradawl.agent.server.ServerAddress;
import org.junit.jupiter.api.Test;

/** The agent as a library, among whatever else is on a class path. */
class AgentAsLibraryTest {

  private static AgentSettings settings(String name) throws Exception {
    return AgentSettings.of(
        new ServerAddress.Web(RunningServer.get().address()),
        Optional.of(RunningServer.CHAT_KEY),
        name);
  }

  @Test
  void twoAgentsInOneProcessConnect() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    try (Agent home = Agent.start(settings("library-home"), events::add);
        Agent alice = Agent.start(settings("library-alice"), events::add)) {
      home.listen(_ -> true, (_, _, stream) -> stream.in().transferTo(stream.out()));
      try (Connection connection = alice.connect("library-home", Duration.ofSeconds(20))) {
        assertThat(connection.path()).isPresent();
        assertThat(events).extracting(Event::name).contains("connected");
      }
    }
  }
}
