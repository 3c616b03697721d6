package org.bradawl.turn.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.XorRelayedAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which answers the client believes (RFC 8489 §9.2.5). */
class TurnClientTest {

  private static final String REALM = "example.org";
  private static final TransportAddress RELAYED =
      new TransportAddress(IpAddress.parse("192.0.2.1"), 50000);
  private static final TransportAddress ELSEWHERE =
      new TransportAddress(IpAddress.parse("203.0.113.66"), 666);
  private static final long MINUTE = 60_000_000_000L;

  private final List<StunMessage> sent = new ArrayList<>();
  private final List<String> happened = new ArrayList<>();
  private final TurnClient client = new TurnClient("alice", "secret", new Random(1), new Ears());

  private final class Ears implements RelayActions {

    @Override
    public void toServer(ByteBuffer datagram) {
      sent.add((StunMessage) Decoder.decode(datagram));
    }

    @Override
    public void allocated(TransportAddress relayed) {
      happened.add("allocated " + relayed);
    }

    @Override
    public void bound(TransportAddress peer) {
      happened.add("bound " + peer);
    }

    @Override
    public void fromPeer(TransportAddress peer, ByteBuffer payload) {}

    @Override
    public void failed(String why) {
      happened.add(why);
    }
  }

  private static Encoder signed(String password) {
    return Encoder.PLAIN.signed(
        IntegrityAlgorithm.SHA1, IntegrityKey.longTerm(PasswordHash.MD5, "alice", REALM, password));
  }

  private void answer(Encoder encoder, StunMessage message, long now) {
    client.received(encoder.encode(message), now);
  }

  private StunMessage challenge(int code, String nonce) {
    return sent.getLast()
        .error(code, "prove it")
        .add(new Realm(REALM))
        .add(new Nonce(nonce))
        .build();
  }

  private StunMessage success(TransportAddress relayed) {
    return sent.getLast()
        .success()
        .add(new XorRelayedAddress(relayed))
        .add(new Lifetime(600))
        .build();
  }

  @BeforeEach
  void isChallenged() {
    client.start(0);
    answer(Encoder.PLAIN, challenge(401, "first"), 0);
    assertThat(sent).hasSize(2);
  }

  @Test
  void takesTheSignedAnswer() {
    answer(signed("secret"), success(RELAYED), 0);
    assertThat(happened).containsExactly("allocated " + RELAYED);
  }

  @Test
  void aForgedSuccessIsAsIfItHadNeverCome() {
    answer(Encoder.PLAIN, success(ELSEWHERE), 0);
    answer(signed("guess"), success(ELSEWHERE), 0);
    assertThat(happened).isEmpty();
    int before = sent.size();
    client.advance(MINUTE);
    assertThat(sent).hasSizeGreaterThan(before);
    answer(signed("secret"), success(RELAYED), MINUTE);
    assertThat(happened).containsExactly("allocated " + RELAYED);
  }

  @Test
  void aForgedErrorEndsNothing() {
    StunMessage error = sent.getLast().error(486, "quota reached").build();
    answer(Encoder.PLAIN, error, 0);
    assertThat(happened).isEmpty();
    answer(signed("secret"), error, 0);
    assertThat(happened).containsExactly("the relay refuses: 486 quota reached");
  }

  @Test
  void aStaleNonceIsToldWithoutASignature() {
    answer(Encoder.PLAIN, challenge(438, "second"), 0);
    assertThat(sent.getLast().first(Nonce.class)).contains(new Nonce("second"));
    answer(signed("secret"), success(RELAYED), 0);
    assertThat(happened).containsExactly("allocated " + RELAYED);
  }

  @Test
  void wrongCredentialsAreToldWithoutASignature() {
    answer(Encoder.PLAIN, challenge(401, "second"), 0);
    assertThat(happened).containsExactly("the relay refuses: 401 prove it");
  }

  @Test
  void saysThatIntegrityWasViolatedIfNothingElseCame() {
    answer(Encoder.PLAIN, success(ELSEWHERE), 0);
    for (long minute = 1; minute < 20; minute++) {
      client.advance(minute * MINUTE);
    }
    assertThat(happened)
        .containsExactly("the relay's answers do not prove that it knows the password");
  }

  @Test
  void renewalsAreProvenToo() {
    answer(signed("secret"), success(RELAYED), 0);
    client.bind(ELSEWHERE, 0);
    StunMessage bound = sent.getLast().success().build();
    answer(Encoder.PLAIN, bound, 0);
    assertThat(client.frame(ELSEWHERE, ByteBuffer.allocate(4))).isEmpty();
    answer(signed("secret"), bound, 0);
    assertThat(client.frame(ELSEWHERE, ByteBuffer.allocate(4))).isPresent();
  }
}
