package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bradawl.stun.IpAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IceHostsTest {

  @Test
  void theExternalAddressWinsOverWhateverTheClientSays() {
    IceHosts hosts =
        new IceHosts(endpoint(List.of("203.0.113.7", "2001:db8::7", "turn.example.org")));

    assertThat(hosts.hostsFor(new Reached("10.0.0.1:8080", "10.0.0.1")))
        .containsExactly("203.0.113.7", "[2001:db8::7]", "turn.example.org");
  }

  @ParameterizedTest
  @CsvSource({
    "bradawl.example.org,      192.0.2.1, bradawl.example.org",
    "Bradawl.Example.ORG:8443, 192.0.2.1, bradawl.example.org",
    "bradawl.example.org.:80,  192.0.2.1, bradawl.example.org",
    "192.0.2.1:8080,           192.0.2.1, 192.0.2.1",
    "[2001:DB8:0::1]:8080,     2001:db8::1, [2001:db8::1]",
    "[::1],                    ::1,       [::1]",
    "localhost:8080,           127.0.0.1, 127.0.0.1",
    "localhost:8080,           ::1,       [::1]",
    "app.localhost,            127.0.0.1, 127.0.0.1",
  })
  void listeningEverywhereTheNameThatReachedUsIsGivenBack(
      String host, String local, String expected) {
    assertThat(new IceHosts(endpoint(List.of())).hostsFor(new Reached(host, local)))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":80",
        "a b",
        "evil\"],",
        "host:port",
        "host:123456",
        "[::1",
        "[::1]x",
        "[fe80::1%eth0]",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "-a.example",
        "a..b",
        "a/b",
        "user@host",
        "xn--\u00e4",
        "host:"
      })
  void aHostThatIsNoneFallsBackToTheListeners(String host) {
    assertThat(new IceHosts(endpoint(List.of(), "192.0.2.1")).hostsFor(new Reached(host, null)))
        .containsExactly("192.0.2.1");
  }

  @Test
  void aNameOfAnAddressWhereNothingListensIsNotGivenBack() {
    IceHosts hosts = new IceHosts(endpoint(List.of(), "192.0.2.1", "2001:db8::1", "127.0.0.1"));

    assertThat(hosts.hostsFor(new Reached("other.example.org", "192.0.2.99")))
        .containsExactly("192.0.2.1", "[2001:db8::1]");
    assertThat(hosts.hostsFor(new Reached("192.0.2.99", "192.0.2.99")))
        .containsExactly("192.0.2.1", "[2001:db8::1]");
    assertThat(hosts.hostsFor(new Reached("good.example.org", "192.0.2.1")))
        .containsExactly("good.example.org");
  }

  @Test
  void behindAOneToOneNatTheLiteralThatWasTranslatedToAListenerIsGood() {
    assertThat(
            new IceHosts(endpoint(List.of(), "10.0.0.5"))
                .hostsFor(new Reached("203.0.113.7:8080", "10.0.0.5")))
        .containsExactly("203.0.113.7");
  }

  @Test
  void besideAnAddressAListenerOfTheOtherFamilyIsNamed() {
    IceHosts hosts =
        new IceHosts(
            endpoint(List.of(), "127.0.0.1", "::1", "fe80::1", "192.0.2.1", "2001:db8::1"));

    assertThat(hosts.hostsFor(new Reached("192.0.2.1:8080", "192.0.2.1")))
        .containsExactly("192.0.2.1", "[2001:db8::1]");
    assertThat(hosts.hostsFor(new Reached("[2001:db8::1]", "2001:db8::1")))
        .containsExactly("[2001:db8::1]", "192.0.2.1");
    assertThat(hosts.hostsFor(new Reached("localhost", "127.0.0.1"))).containsExactly("127.0.0.1");
    assertThat(hosts.hostsFor(new Reached("good.example.org", "192.0.2.1")))
        .as("a name leads to both by itself")
        .containsExactly("good.example.org");
  }

  @Test
  void localhostIsTheLoopbackAddressThatListens() {
    assertThat(hostsFor("127.0.0.1", new Reached("localhost:8080", null)))
        .containsExactly("127.0.0.1");
    assertThat(hostsFor("::1", new Reached("localhost:8080", null))).containsExactly("[::1]");
    assertThat(hostsFor("::1", new Reached("localhost:8080", "127.0.0.1")))
        .containsExactly("[::1]");
  }

  @Test
  void withoutAHostTheListenersAreNamedLoopbackLast() {
    assertThat(
            new IceHosts(endpoint(List.of(), "127.0.0.1", "::1", "192.0.2.1"))
                .hostsFor(new Reached(null, null)))
        .containsExactly("192.0.2.1", "127.0.0.1");
  }

  private static List<String> hostsFor(String listener, Reached reached) {
    return new IceHosts(endpoint(List.of(), listener)).hostsFor(reached);
  }

  private static IceEndpoint endpoint(List<String> external, @Nullable String... listeners) {
    Set<IpAddress> addresses =
        Arrays.stream(listeners).map(IpAddress::parse).collect(Collectors.toSet());
    return new IceEndpoint(external, addresses, 3478, Duration.ofHours(1));
  }
}
