package org.bradawl.server.http.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bradawl.turn.server.Cidr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

  private final TrustedProxies proxies =
      new TrustedProxies(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("10.0.0.0/8")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // remote | X-Forwarded-For | client
        "127.0.0.1   | 192.0.2.7                       | 192.0.2.7",
        "127.0.0.1   | 203.0.113.9, 192.0.2.7          | 192.0.2.7",
        "127.0.0.1   | 203.0.113.9, 192.0.2.7, 10.1.1.1 | 192.0.2.7",
        "127.0.0.1   | 10.1.1.1, 10.2.2.2              | 10.1.1.1",
        "127.0.0.1   | 192.0.2.7:51234                 | 192.0.2.7",
        "127.0.0.1   | [2001:db8::7]:51234             | 2001:db8::7",
        "127.0.0.1   | 2001:DB8::7                     | 2001:db8::7",
        "127.0.0.1   | unknown                         | 127.0.0.1",
        "127.0.0.1   | 192.0.2.7, unknown              | 127.0.0.1",
        "127.0.0.1   | ''                              | 127.0.0.1",
        "127.0.0.1   | ,,,                             | 127.0.0.1",
        "192.0.2.99  | 192.0.2.7                       | 192.0.2.99",
      })
  void theClientIsTheLastWhomNoTrustedProxyIs(String remote, String header, String client) {
    assertThat(proxies.client(remote, header)).isEqualTo(client);
  }

  @Test
  void withoutTheHeaderItIsTheConnection() {
    assertThat(proxies.client("127.0.0.1", null)).isEqualTo("127.0.0.1");
    assertThat(proxies.trusts("10.9.9.9")).isTrue();
    assertThat(proxies.trusts("192.0.2.1")).isFalse();
  }
}
