package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.UserKeys;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.Rates;
import org.bradawl.turn.server.Redirection;
import org.bradawl.turn.server.ReplyBounds;
import org.bradawl.turn.server.TurnSettings.Quotas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatapathSettingsTest {

  @Test
  void defaultsAreThoseOfTheContract() {
    DatapathSettings settings = from(Map.of());

    assertThat(settings.listen().addresses()).isEmpty();
    assertThat(settings.listen().port()).isEqualTo(3478);
    assertThat(settings.listen().alternatePort()).isEqualTo(3479);
    assertThat(settings.listen().tlsPort()).isEqualTo(5349);
    assertThat(settings.relay().minPort()).isEqualTo(49_152);
    assertThat(settings.relay().maxPort()).isEqualTo(65_535);
    assertThat(settings.relay().allowedPeers()).isEmpty();
    assertThat(settings.turn().realm()).isEqualTo("bradawl");
    assertThat(settings.turn().secret()).isEmpty();
    assertThat(settings.engine()).isEqualTo(EngineChoice.AUTO);
  }

  @Test
  void everyKeyIsRead() {
    DatapathSettings settings =
        from(
            Map.of(
                "bradawl.listen.address", "127.0.0.1, ::1",
                "bradawl.listen.alternate-address", "127.0.0.2",
                "bradawl.relay.external-address", "203.0.113.7, relay.example.org",
                "bradawl.relay.allowed-peers", "127.0.0.0/8,::1",
                "bradawl.relay.denied-peers", "198.51.100.0/24",
                "bradawl.turn.users", "alice:se:cret,bob:pass",
                "bradawl.turn.secret", "north",
                "bradawl.engine", "portable"));

    assertThat(settings.listen().addresses())
        .containsExactly(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));
    assertThat(settings.listen().alternateAddresses()).hasSize(1);
    assertThat(settings.relay().externalAddresses())
        .containsExactly(
            new ExternalAddress.Literal(IpAddress.parse("203.0.113.7")),
            new ExternalAddress.Name("relay.example.org"));
    assertThat(settings.relay().allowedPeers())
        .containsExactly(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));
    assertThat(settings.relay().deniedPeers()).containsExactly(Cidr.parse("198.51.100.0/24"));
    assertThat(settings.turn().users())
        .containsExactly(
            new TurnAccess.User("alice", UserKeys.derive("alice", "bradawl", "se:cret")),
            new TurnAccess.User("bob", UserKeys.derive("bob", "bradawl", "pass")));
    assertThat(settings.turn().secret()).contains("north");
    assertThat(settings.engine()).isEqualTo(EngineChoice.PORTABLE);
  }

  @Test
  void limitsAreBoundedAndDataIsNotUnlessAsked() {
    LimitSettings usual = from(Map.of()).limits();
    assertThat(usual.quotas()).isEqualTo(new Quotas(100_000, 10_000, 100_000, 256, 256));
    assertThat(usual.rates()).isEqualTo(Rates.UNLIMITED);
    assertThat(usual.replies()).isEqualTo(ReplyBounds.DEFAULT);
    assertThat(from(Map.of("bradawl.turn.rate.exempt", "none")).limits().replies().exempt())
        .isEmpty();

    LimitSettings given =
        from(Map.of(
                "bradawl.turn.quota.total", "50",
                "bradawl.turn.quota.channels", "3",
                "bradawl.turn.rate.total", "2G",
                "bradawl.turn.rate.per-application", "30M",
                "bradawl.turn.rate.per-user", "400k",
                "bradawl.turn.rate.per-allocation", "5000",
                "bradawl.turn.rate.replies", "0",
                "bradawl.turn.rate.exempt", "192.0.2.0/24,::1"))
            .limits();
    assertThat(given.quotas()).isEqualTo(new Quotas(50, 50, 50, 256, 3));
    assertThat(given.rates()).isEqualTo(new Rates(2_000_000_000L, 30_000_000, 400_000, 5_000));
    assertThat(given.replies())
        .isEqualTo(new ReplyBounds(0, 50, List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("::1"))));
  }

  @Test
  void blankCountsAsAbsent() {
    assertThat(from(Map.of("bradawl.listen.port", " ")).listen().port()).isEqualTo(3478);
  }

  @Test
  void aUserMayBeGivenByKeys() {
    String written = UserKeys.write("alice", "example.org", "wonderland");
    Map<String, String> keys =
        Map.of("bradawl.turn.realm", "example.org", "bradawl.turn.users", "alice:" + written);

    assertThat(from(keys).turn().users())
        .containsExactly(
            new TurnAccess.User("alice", UserKeys.derive("alice", "example.org", "wonderland")));
    assertThat(from(keys).turn().toString()).doesNotContain(written.substring(2, 34));
  }

  @Test
  void tokenKeysAreRead() {
    TokenAccess tokens =
        from(Map.of(
                "bradawl.turn.oauth.keys",
                "north:" + "A".repeat(43) + "=,small:AAAAAAAAAAAAAAAAAAAAAA=="))
            .turn()
            .tokens();
    assertThat(tokens.serverName()).isEqualTo("bradawl");
    assertThat(tokens.keys()).hasSize(2);
    assertThat(tokens.toString()).contains("north").doesNotContain("AAAA");
  }

  @Test
  void alternateServersAreRead() {
    assertThat(
            from(Map.of(
                    "bradawl.turn.alternate-servers",
                    "203.0.113.7:3478, [2001:db8::7]:3479/relay.example.org,"
                        + " 203.0.113.8:3478/relay2.example.org:443, 203.0.113.9:3478/:444"))
                .turn()
                .alternates())
        .containsExactly(
            Redirection.to(
                new TransportAddress(IpAddress.parse("203.0.113.7"), 3478), Optional.empty()),
            Redirection.to(
                new TransportAddress(IpAddress.parse("2001:db8::7"), 3479),
                Optional.of("relay.example.org"),
                5349),
            Redirection.to(
                new TransportAddress(IpAddress.parse("203.0.113.8"), 3478),
                Optional.of("relay2.example.org"),
                443),
            Redirection.to(
                new TransportAddress(IpAddress.parse("203.0.113.9"), 3478), Optional.empty(), 444));
  }

  @Test
  void usersOfOtherRealmsAreRead() {
    TurnAccess turn =
        from(Map.of(
                "bradawl.turn.realms", "a.example=net, b.example=net=2",
                "bradawl.turn.users", "alice@net:one",
                "bradawl.turn.realm-users", "net=alice:two,net=2=alice:th=ree"))
            .turn();
    assertThat(turn.allUsers())
        .containsOnly(
            Map.entry(
                new RealmUser("bradawl", "alice@net"),
                UserKeys.derive("alice@net", "bradawl", "one")),
            Map.entry(new RealmUser("net", "alice"), UserKeys.derive("alice", "net", "two")),
            Map.entry(
                new RealmUser("net=2", "alice"), UserKeys.derive("alice", "net=2", "th=ree")));
    assertThat(turn.realmUsers().realms()).containsExactlyInAnyOrder("bradawl", "net", "net=2");
    assertThat(turn.toString()).doesNotContain("two");
    for (String wrong :
        List.of("com=alice:x", "alice:x", "bradawl=alice:x", "net=alice", "net=a:1,net=a:2")) {
      assertThatExceptionOfType(ConfigurationProblem.class)
          .as(wrong)
          .isThrownBy(() ->
              from(
                  Map.of(
                      "bradawl.turn.realms", "a.example=net", "bradawl.turn.realm-users", wrong)))
          .satisfies(problem -> assertThat(problem.key()).isEqualTo("bradawl.turn.realm-users"));
    }
  }

  @Test
  void namesAreComparedAsOpaqueStrings() {
    assertThat(from(Map.of("bradawl.turn.users", "Ame\u0301lie:pass")).turn().users())
        .extracting(TurnAccess.User::name)
        .containsExactly("Am\u00e9lie");
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> from(Map.of("bradawl.turn.users", "Ame\u0301lie:a,Am\u00e9lie:b")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bradawl.listen.port              | many",
        "bradawl.listen.port              | 0",
        "bradawl.listen.port              | 65536",
        "bradawl.listen.port              | -1",
        "bradawl.listen.alternate-port    | 99999999999",
        "bradawl.listen.tls-port          | 53.49",
        "bradawl.listen.address           | localhost",
        "bradawl.listen.address           | 127.0.0.1:3478",
        "bradawl.listen.address           | 224.0.0.1",
        "bradawl.listen.address           | 127.0.0.256",
        "bradawl.listen.alternate-address | 0.0.0.0",
        "bradawl.listen.alternate-address | 127.0.0.2,127.0.0.3",
        "bradawl.relay.address            | 0.0.0.0",
        "bradawl.relay.external-address   | http://relay/",
        "bradawl.relay.external-address   | 0.0.0.0",
        "bradawl.relay.external-address   | 300.1.1.1",
        "bradawl.relay.external-address   | relay.example.org/203.0.113.7",
        "bradawl.relay.external-address   | 10.0.0.5/203.0.113.7/1",
        "bradawl.relay.min-port           | x",
        "bradawl.relay.allowed-peers      | 10.0.0.0/33",
        "bradawl.relay.allowed-peers      | 10.0.0.1/8",
        "bradawl.relay.allowed-peers      | 10.0.0.0/",
        "bradawl.relay.denied-peers       | everyone",
        "bradawl.turn.users               | alice",
        "bradawl.turn.oauth.keys          | north",
        "bradawl.turn.oauth.keys          | north:AAAA",
        "bradawl.turn.oauth.keys          | north:!",
        "bradawl.turn.alternate-servers   | relay.example.org:3478",
        "bradawl.turn.alternate-servers   | 203.0.113.7",
        "bradawl.turn.alternate-servers   | 203.0.113.7:0",
        "bradawl.turn.alternate-servers   | 203.0.113.7:3478/no name",
        "bradawl.turn.users               | alice:",
        "bradawl.turn.users               | a:1,a:2",
        "bradawl.turn.realm               | a\"b",
        "bradawl.turn.quota.total         | -1",
        "bradawl.turn.quota.per-user      | lots",
        "bradawl.turn.quota.permissions   | 1000001",
        "bradawl.turn.rate.total          | fast",
        "bradawl.turn.rate.per-user       | -5",
        "bradawl.turn.rate.per-allocation | 101G",
        "bradawl.turn.rate.replies        | 1e3",
        "bradawl.turn.rate.exempt         | 10.0.0.1/8",
        "bradawl.engine                   | turbo",
        "bradawl.engine.shards            | -2",
      })
  void aWrongValueNamesItsKeyAndTheRemedyAndIsNotRepeated(String key, String value) {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> from(Map.of(key, value)))
        .satisfies(problem -> {
          assertThat(problem.key()).isEqualTo(key);
          assertThat(problem.remedy()).isNotBlank();
          assertThat(problem.getMessage()).startsWith(key).contains(problem.remedy());
        });
  }

  @Test
  void aPasswordIsNeverPartOfAMessage() {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> from(Map.of("bradawl.turn.users", "a:hunter2,a:hunter3")))
        .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("hunter"));
    assertThat(from(Map.of("bradawl.turn.users", "a:hunter2", "bradawl.turn.secret", "hunter3")))
        .satisfies(settings -> assertThat(settings.toString()).doesNotContain("hunter"));
  }

  @Test
  void rangesMustNotBeEmptyAndPortsMustDiffer() {
    assertKey("bradawl.relay.min-port", "bradawl.relay.min-port=5", "bradawl.relay.max-port=4");
    assertKey(
        "bradawl.listen.alternate-port",
        "bradawl.listen.alternate-address=127.0.0.2",
        "bradawl.listen.alternate-port=3478");
    assertKey(
        "bradawl.listen.alternate-address",
        "bradawl.listen.address=127.0.0.2",
        "bradawl.listen.alternate-address=127.0.0.2");
  }

  private static void assertKey(String key, String... entries) {
    assertThatExceptionOfType(ConfigurationProblem.class)
        .isThrownBy(() -> from(entries(entries)))
        .satisfies(problem -> assertThat(problem.key()).isEqualTo(key));
  }

  private static Map<String, String> entries(String... entries) {
    return List.of(entries).stream()
        .map(entry -> entry.split("=", 2))
        .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
  }

  private static DatapathSettings from(Map<String, String> values) {
    return DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
  }
}
