package org.bradawl.turn.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.SecurityFeatures;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.UserHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_400_000_000L);

  private static final SecurityFeatures FEATURES = new SecurityFeatures(true, false);

  private final EphemeralCredentials ephemeral = new EphemeralCredentials("north");
  private final StaticUsers users =
      StaticUsers.ofPasswords("example.org", Map.of("alice", "wonderland"), new Random(1));
  private final ChainedCredentials chain = new ChainedCredentials(List.of(users, ephemeral));

  /**
   * Computed with openssl: printf 1400003600:bob | openssl dgst -sha1 -hmac north -binary | base64.
   */
  @Test
  void ephemeralPasswordsAreTheHmacOfTheName() {
    EphemeralCredentials.Minted minted = ephemeral.mint("bob", NOW.plusSeconds(3600));
    assertThat(minted.username()).isEqualTo("1400003600:bob");
    assertThat(minted.password()).isEqualTo("daCBBow63xSQ+TdxeNg8D+hx5K0=");
    assertThat(minted.toString()).doesNotContain(minted.password());
    assertThat(find(ephemeral, minted.username(), "example.org", NOW))
        .isEqualTo(
            new Lookup.Found(
                IntegrityKey.longTerm(
                    PasswordHash.MD5, minted.username(), "example.org", minted.password()),
                Principal.of("bob"),
                Instant.ofEpochSecond(1_400_003_600L)));
  }

  @Test
  void anEphemeralCredentialEndsAtItsSecond() {
    String name = ephemeral.mint("bob", NOW).username();
    assertThat(find(ephemeral, name, "r", NOW.minusMillis(1))).isInstanceOf(Lookup.Found.class);
    assertThat(find(ephemeral, name, "r", NOW)).isInstanceOf(Lookup.Expired.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "bob",
        ":bob",
        "1400003600",
        "1400003600:",
        "x:bob",
        "-1:bob",
        "14e9:bob",
        "999999999999:bob",
        "٣:bob"
      })
  void aNameOfAnotherShapeIsUnknown(String name) {
    assertThat(find(ephemeral, name, "r", NOW)).isInstanceOf(Lookup.Unknown.class);
  }

  @Test
  void theNameMayCarryAnApplicationAndColons() {
    Lookup lookup =
        find(
            ephemeral,
            ephemeral.mint("shop/a:b/c", Instant.MAX.minusSeconds(1)).username(),
            "r",
            NOW);
    assertThat(lookup).isInstanceOf(Lookup.Unknown.class); // too far away to be meant
    assertThat(find(ephemeral, "1400003600:shop/a:b/c", "r", NOW))
        .extracting(found -> ((Lookup.Found) found).principal())
        .isEqualTo(new Principal("shop/a:b/c", "shop", "a:b/c"));
  }

  @Test
  void staticUsersAreKnownInTheirRealmOnly() {
    assertThat(find(users, "alice", "example.org", NOW))
        .isEqualTo(
            new Lookup.Found(
                IntegrityKey.longTerm(PasswordHash.MD5, "alice", "example.org", "wonderland"),
                Principal.of("alice"),
                Instant.MAX));
    assertThat(find(users, "alice", "example.com", NOW)).isInstanceOf(Lookup.Unknown.class);
    assertThat(find(users, "bob", "example.org", NOW)).isInstanceOf(Lookup.Unknown.class);
  }

  @Test
  void aNameOrPasswordNobodyCanTypeIsRefusedAtTheStart() {
    assertThatThrownBy(() -> StaticUsers.ofPasswords("r", Map.of("a", ""), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StaticUsers.ofPasswords("r", Map.of("a\n", "b"), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChainKnowsWhatAnyOfItsSourcesKnows() {
    assertThat(find(chain, "alice", "example.org", NOW)).isInstanceOf(Lookup.Found.class);
    assertThat(find(chain, "1400003600:x", "example.org", NOW)).isInstanceOf(Lookup.Found.class);
    assertThat(find(chain, "1300000000:x", "example.org", NOW)).isInstanceOf(Lookup.Expired.class);
    assertThat(find(chain, "eve", "example.org", NOW)).isInstanceOf(Lookup.Unknown.class);
    StaticUsers odd =
        StaticUsers.ofPasswords("example.org", Map.of("1300000000:x", "p"), new Random(1));
    ChainedCredentials later = new ChainedCredentials(List.of(ephemeral, odd));
    assertThat(find(later, "1300000000:x", "example.org", NOW)).isInstanceOf(Lookup.Found.class);
  }

  /** Every answer carries a key, so that checking takes the same work for every name. */
  @Test
  void anUnknownNameHasAKeyThatNobodyHas() {
    assertThat(find(users, "eve", "example.org", NOW).key())
        .isNotEqualTo(IntegrityKey.longTerm(PasswordHash.MD5, "eve", "example.org", ""))
        .isEqualTo(find(users, "mallory", "example.org", NOW).key());
  }

  @Test
  void aNonceIsGoodForOneClientOneTransportAndAWhile() {
    Instant[] now = {NOW};
    NonceIssuer nonces = new NonceIssuer(new byte[] {1}, Duration.ofMinutes(10), () -> now[0]);
    FiveTuple alice = path(FiveTuple.Transport.UDP, "198.51.100.7", 4000);
    String nonce = nonces.issue(alice, FEATURES);
    assertThat(nonce).hasSize(35).startsWith("obMatJos2AAAB");
    assertThat(nonces.isFresh(nonce, alice)).isTrue();
    assertThat(nonces.isFresh(nonce, path(FiveTuple.Transport.UDP, "198.51.100.7", 4001)))
        .isFalse();
    assertThat(nonces.isFresh(nonce, path(FiveTuple.Transport.UDP, "198.51.100.8", 4000)))
        .isFalse();
    assertThat(nonces.isFresh(nonce, path(FiveTuple.Transport.TCP, "198.51.100.7", 4000)))
        .isFalse();
    assertThat(
            new NonceIssuer(new byte[] {2}, Duration.ofMinutes(10), () -> NOW)
                .isFresh(nonce, alice))
        .isFalse();
    now[0] = NOW.plusSeconds(599);
    assertThat(nonces.isFresh(nonce, alice)).isTrue();
    now[0] = NOW.plusSeconds(600);
    assertThat(nonces.isFresh(nonce, alice)).isFalse();
    now[0] = NOW.minusSeconds(1);
    assertThat(nonces.isFresh(nonce, alice)).as("from the future").isFalse();
  }

  @Test
  void noForgedNonceIsTaken() {
    NonceIssuer nonces = new NonceIssuer(new byte[] {1}, Duration.ofMinutes(10), () -> NOW);
    FiveTuple alice = path(FiveTuple.Transport.UDP, "198.51.100.7", 4000);
    String nonce = nonces.issue(alice, FEATURES);
    for (int i = 0; i < nonce.length(); i++) {
      char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
      String forged = nonce.substring(0, i) + other + nonce.substring(i + 1);
      assertThat(nonces.isFresh(forged, alice)).as(forged).isFalse();
    }
    for (String odd :
        List.of(
            "",
            "x".repeat(35),
            "é".repeat(35),
            "é".repeat(13) + nonce.substring(13),
            nonce + "=",
            nonce.substring(1))) {
      assertThat(nonces.isFresh(odd, alice)).as(odd).isFalse();
    }
  }

  private static Lookup find(CredentialSource source, String username, String realm, Instant now) {
    return source.find(new Claim(new Claim.Name.Plain(username), realm, PasswordHash.MD5), now);
  }

  private static FiveTuple path(FiveTuple.Transport transport, String client, int port) {
    return new FiveTuple(
        transport,
        new TransportAddress(IpAddress.parse("192.0.2.1"), 3478),
        new TransportAddress(IpAddress.parse(client), port));
  }

  @Test
  void aCredentialSaysWhatItWasMadeWithAndEndsWithThat() {
    EphemeralCredentials ephemeral = new EphemeralCredentials("north");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    var minted = ephemeral.mint("shop/alice", "0123abcd", now.plusSeconds(60));
    assertThat(minted.username()).endsWith(":shop/alice#0123abcd");
    Set<String> live = new HashSet<>(Set.of("0123abcd"));
    RevocableCredentials revocable =
        new RevocableCredentials(
            ephemeral, who -> who.issuer().isEmpty() || live.contains(who.issuer()));
    assertThat(revocable.find(plain(minted.username()), now))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found ->
                assertThat(found.principal())
                    .isEqualTo(new Principal("shop/alice", "shop", "alice", "0123abcd")));
    live.clear();
    assertThat(revocable.find(plain(minted.username()), now)).isInstanceOf(Lookup.Unknown.class);
    String other = ephemeral.mint("bob#1", now.plusSeconds(60)).username();
    assertThat(revocable.find(plain(other), now))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found -> assertThat(found.principal()).isEqualTo(Principal.of("bob#1")));
  }

  @Test
  void whatIsUnderAReplacedSecretEndsWithTheOverlap() {
    EphemeralCredentials old = new EphemeralCredentials("north");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    PhasedOutCredentials phased = new PhasedOutCredentials(old, now.plusSeconds(30));
    String late = old.mint("alice", now.plusSeconds(60)).username();
    String early = old.mint("alice", now.plusSeconds(20)).username();
    assertThat(phased.find(plain(late), now))
        .isInstanceOfSatisfying(
            Lookup.Found.class, f -> assertThat(f.expires()).isEqualTo(now.plusSeconds(30)));
    assertThat(phased.find(plain(early), now))
        .isInstanceOfSatisfying(
            Lookup.Found.class, f -> assertThat(f.expires()).isEqualTo(now.plusSeconds(20)));
    assertThat(phased.find(plain(late), now.plusSeconds(30))).isInstanceOf(Lookup.Expired.class);
  }

  @Test
  void theSecretBeforeIsAskedForWhenTheNewOneDoesNotFit() {
    EphemeralCredentials fresh = new EphemeralCredentials("south");
    EphemeralCredentials old = new EphemeralCredentials("north");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    RotatedCredentials rotated =
        new RotatedCredentials(fresh, new PhasedOutCredentials(old, now.plusSeconds(30)));
    String name = old.mint("alice", now.plusSeconds(60)).username();
    assertThat(rotated.find(plain(name), now).key()).isNotEqualTo(old.find(plain(name), now).key());
    assertThat(rotated.otherwise().orElseThrow().find(plain(name), now).key())
        .isEqualTo(old.find(plain(name), now).key());
  }

  private static Claim plain(String name) {
    return new Claim(new Claim.Name.Plain(name), "r", PasswordHash.MD5);
  }

  /** The same name in two realms: two people, each with keys that are good in one of them. */
  @Test
  void usersOfSeveralRealms() {
    StaticUsers users =
        StaticUsers.ofRealms(
            "standard",
            Map.of(
                new RealmUser("standard", "alice"), UserKeys.derive("alice", "standard", "one"),
                new RealmUser("net", "alice"), UserKeys.derive("alice", "net", "two"),
                new RealmUser("net", "shop/bob"), UserKeys.derive("shop/bob", "net", "three")),
            new Random(1));
    assertThat(found(users, "standard", new Claim.Name.Plain("alice"), "one"))
        .isEqualTo(Principal.of("alice"));
    assertThat(found(users, "net", new Claim.Name.Plain("alice"), "two").user())
        .isEqualTo("alice@net");
    assertThat(found(users, "net", new Claim.Name.Plain("shop/bob"), "three"))
        .isEqualTo(new Principal("shop/bob@net", "shop", "bob"));
    assertThat(
            found(users, "net", new Claim.Name.Hashed(UserHash.of("alice", "net").hash()), "two")
                .user())
        .isEqualTo("alice@net");
    for (Claim.Name nobody :
        List.of(
            new Claim.Name.Plain("shop/bob"),
            new Claim.Name.Hashed(UserHash.of("alice", "net").hash()))) {
      assertThat(users.find(new Claim(nobody, "standard", PasswordHash.MD5), Instant.EPOCH))
          .isInstanceOf(Lookup.Unknown.class);
    }
  }

  private static Principal found(
      StaticUsers users, String realm, Claim.Name name, String password) {
    Lookup lookup = users.find(new Claim(name, realm, PasswordHash.MD5), Instant.EPOCH);
    assertThat(lookup).isInstanceOf(Lookup.Found.class);
    Lookup.Found found = (Lookup.Found) lookup;
    String plain = found.principal().user().replaceAll("@.*", "");
    assertThat(found.key())
        .isEqualTo(IntegrityKey.longTerm(PasswordHash.MD5, plain, realm, password));
    return found.principal();
  }
}
