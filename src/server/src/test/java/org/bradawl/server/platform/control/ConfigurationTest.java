package org.bradawl.server.platform.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.server.platform.control.Configuration.ApplicationKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationTest {

  private static Configuration read(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return Configuration.from(key -> Optional.ofNullable(values.get(key)));
  }

  @Test
  void nothingConfiguredIsAWorkingServer() {
    Configuration read = read();

    assertThat(read.http()).isEqualTo(new Configuration.Http(IpAddress.v4(0), 8080));
    assertThat(read.database().url().kind()).isEqualTo(DatabaseUrl.Kind.H2);
    assertThat(read.database().url().url())
        .startsWith("jdbc:h2:file:" + Path.of("data").toAbsolutePath().resolve("bradawl"));
    assertThat(read.adminToken()).isEmpty();
    assertThat(read.applications()).isEmpty();
    assertThat(read.datapath().listen().port()).isEqualTo(3478);
    assertThat(read.datapath().turn().realm()).isEqualTo("bradawl");
  }

  @Test
  void everyKeyHasItsType() {
    Configuration read =
        read(
            "bradawl.http.address", "::1",
            "bradawl.http.port", "80",
            "bradawl.db.url", "jdbc:postgresql://db/bradawl",
            "bradawl.db.user", "someone",
            "bradawl.db.password", " with blanks ",
            "bradawl.admin.token", "t0ken",
            "bradawl.applications", "shop:k1, game:k2,shop:k3",
            "bradawl.records.capacity", "5000",
            "bradawl.listen.port", "4000");

    assertThat(read.http()).isEqualTo(new Configuration.Http(IpAddress.v6(0, 1), 80));
    assertThat(read.database())
        .isEqualTo(
            new DatabaseSettings(
                DatabaseUrl.of("jdbc:postgresql://db/bradawl").orElseThrow(),
                "someone",
                " with blanks "));
    assertThat(read.adminToken()).contains("t0ken");
    assertThat(read.applications())
        .containsExactly(
            new ApplicationKey("shop", "k1"),
            new ApplicationKey("game", "k2"),
            new ApplicationKey("shop", "k3"));
    assertThat(read.recordCapacity()).isEqualTo(5000);
    assertThat(read.datapath().listen().port()).isEqualTo(4000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bradawl.http.address     | localhost:80
          bradawl.http.port        | 0
          bradawl.http.port        | 65536
          bradawl.http.port        | eighty
          bradawl.db.url           | jdbc:mysql://db/secret-value
          bradawl.admin.token      | secret-value with blanks
          bradawl.applications     | secret-value
          bradawl.applications     | name with blanks:secret-value
          bradawl.applications     | one:secret-value,two:secret-value
          bradawl.records.capacity | -1
          bradawl.cluster.address  | 10.0.0.1
          bradawl.config           | /secret-value/nowhere.properties
          bradawl.listen.address   | secret-value
          bradawl.listen.port      | secret-value
          bradawl.relay.min-port   | secret-value
          bradawl.relay.denied-peers | secret-value/99
          bradawl.turn.users       | secret-value
          bradawl.engine           | steam
          """)
  void aWrongValueIsRefusedByNameWithARemedyAndWithoutTheValue(String key, String value) {
    assertThatThrownBy(() -> read(key, value))
        .asInstanceOf(type(StartProblem.class))
        .satisfies(problem ->
            assertThat(problem.lines())
                .singleElement()
                .asString()
                .startsWith(key + " ")
                .endsWith(".")
                .contains(". ")
                .doesNotContain("secret-value"));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(() ->
            read(
                "bradawl.http.port", "x",
                "bradawl.listen.port", "x",
                "bradawl.relay.min-port", "x",
                "bradawl.relay.max-port", "30000",
                "bradawl.turn.users", "x"))
        .asInstanceOf(type(StartProblem.class))
        .satisfies(problem ->
            assertThat(problem.lines().stream().map(line -> line.split(" ", 2)[0]))
                .containsExactlyInAnyOrder(
                    "bradawl.http.port",
                    "bradawl.listen.port",
                    "bradawl.relay.min-port",
                    "bradawl.turn.users"));
  }

  @Test
  void aKeyThatNobodyReadsIsRefusedAndTheNearestNamed() {
    List<String> names = List.of("java.home", "bradawl.listen.port", "bradawl.listn.prt");

    assertThatThrownBy(() -> Configuration.from(key -> Optional.empty(), names))
        .asInstanceOf(type(StartProblem.class))
        .satisfies(problem ->
            assertThat(problem.lines())
                .containsExactly(
                    "bradawl.listn.prt is no key of this server. Did you mean"
                        + " bradawl.listen.port?"));
  }

  @Test
  void secretsAreNotPrinted() {
    Configuration read =
        read(
            "bradawl.db.url", "jdbc:postgresql://me:hush@db/bradawl?password=hush",
            "bradawl.db.password", "hush",
            "bradawl.applications", "shop:hush",
            "bradawl.admin.token", "hush",
            "bradawl.turn.secret", "hush",
            "bradawl.turn.users", "me:hush");

    assertThat(read.toString() + read.database() + read.applications())
        .contains("jdbc:postgresql://db/bradawl")
        .doesNotContain("hush");
  }

  @Test
  void aConfigurationFileIsReadAsUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("bradawl.properties");
    Files.writeString(file, "# comment\nbradawl.turn.realm = Zürich\n");

    assertThat(ConfigFileSource.read(file)).isEqualTo(Map.of("bradawl.turn.realm", "Zürich"));
  }

  @Test
  void aFileThatIsNoPropertiesFileIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("broken.properties");
    Files.writeString(file, "bradawl.turn.realm = \\uXYZ\n");

    assertThatThrownBy(() -> read("bradawl.config", file.toString()))
        .isInstanceOf(StartProblem.class)
        .hasMessageContaining("bradawl.config names a file that cannot be read as properties");
  }

  @Test
  void theRelayIsKeptAwayFromHttpAndDatabase() {
    assertThat(read("bradawl.http.address", "::1").datapath().protectedServices())
        .containsExactly(new TransportAddress(IpAddress.v6(0, 1), 8080));
    assertThat(
            read("bradawl.db.url", "jdbc:postgresql://one:6000,[::1]:6001/bradawl?ssl=true")
                .datapath()
                .protectedServices())
        .extracting(TransportAddress::toString)
        .containsExactlyInAnyOrder("0.0.0.0:8080", "0.0.0.0:5432", "0.0.0.0:6000", "0.0.0.0:6001");
  }
}
