package org.bradawl.datapath.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;

class AddressCacheTest {

  private final AddressCache cache = new AddressCache();

  @Test
  void everyAddressIsTranslatedRightThoughTheyDisplaceEachOther() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 50_000; i++) {
        TransportAddress address = new TransportAddress(IpAddress.v4(0x7f00_0000 + i), i);
        assertThat(cache.of(address)).isEqualTo(address.toSocketAddress());
        assertThat(cache.of(address.toSocketAddress())).isEqualTo(address);
      }
    }
  }

  @Test
  void anAddressSeenLatelyIsTheSameObject() {
    TransportAddress address = new TransportAddress(IpAddress.parse("2001:db8::1"), 3478);
    InetSocketAddress first = cache.of(address);

    assertThat(cache.of(new TransportAddress(IpAddress.parse("2001:db8::1"), 3478)))
        .isSameAs(first);
    assertThat(cache.of(address.toSocketAddress())).isSameAs(cache.of(address.toSocketAddress()));
  }
}
