package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.SplittableRandom;
import java.util.UUID;
import org.bradawl.server.credentials.control.PeerTokens.Verdict;
import org.junit.jupiter.api.Test;

class PeerTokensTest {

  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final UUID KEY_ID = UUID.fromString("7b1c9a52-6a3c-4a3e-9d7d-1d6c7f0d2a11");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  private final PeerTokens tokens = new PeerTokens(KEY, () -> NOW);

  @Test
  void aMintedTokenSaysWhatItWasMintedFor() {
    PeerTokens.Minted minted = tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1));

    assertThat(minted.expires()).isEqualTo(Instant.parse("2026-03-01T13:00:00Z"));
    assertThat(tokens.verify(minted.token()))
        .isEqualTo(
            new Verdict.Valid(
                new PeerTokens.Claims(
                    "demo",
                    KEY_ID,
                    "alice",
                    Instant.parse("2026-03-01T12:00:00Z"),
                    minted.expires())));
  }

  @Test
  void theClaimsAreTheOnesThatOthersRead() throws Exception {
    String token = tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1)).token();
    JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();

    assertThat(claims.getSubject()).isEqualTo("alice");
    assertThat(claims.getStringClaim("app")).isEqualTo("demo");
    assertThat(claims.getIssuer()).isEqualTo("bradawl");
    assertThat(claims.getIssueTime()).isEqualTo(Date.from(Instant.parse("2026-03-01T12:00:00Z")));
    assertThat(claims.getExpirationTime())
        .isEqualTo(Date.from(Instant.parse("2026-03-01T13:00:00Z")));
  }

  @Test
  void aTokenExpiresAtItsVerySecond() {
    PeerTokens.Minted minted = tokens.mint("demo", KEY_ID, "alice", Duration.ofSeconds(10));

    assertThat(at(minted.expires().minusMillis(1)).verify(minted.token()))
        .isInstanceOf(Verdict.Valid.class);
    assertThat(at(minted.expires()).verify(minted.token()))
        .isEqualTo(new Verdict.Expired(minted.expires()));
  }

  @Test
  void anotherKeyAnotherAlgorithmAndNoAlgorithmAreForged() throws Exception {
    String foreign =
        new PeerTokens(
                "ffffffffffffffffffffffffffffffff".getBytes(StandardCharsets.US_ASCII), () -> NOW)
            .mint("demo", KEY_ID, "alice", Duration.ofHours(1))
            .token();
    JWTClaimsSet claims =
        SignedJWT.parse(tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1)).token())
            .getJWTClaimsSet();
    byte[] longKey = Arrays.copyOf(KEY, 64);
    SignedJWT hs512 = new SignedJWT(new JWSHeader(JWSAlgorithm.HS512), claims);
    hs512.sign(new MACSigner(longKey));

    assertThat(tokens.verify(foreign)).isEqualTo(new Verdict.Forged());
    assertThat(new PeerTokens(longKey, () -> NOW).verify(hs512.serialize()))
        .isEqualTo(new Verdict.Forged());
    assertThat(tokens.verify(new PlainJWT(claims).serialize())).isEqualTo(new Verdict.Forged());
  }

  @Test
  void aTokenOfOursWithoutAClaimIsForged() throws Exception {
    JWTClaimsSet whole =
        SignedJWT.parse(tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1)).token())
            .getJWTClaimsSet();
    for (String claim : whole.getClaims().keySet()) {
      SignedJWT without =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256),
              new JWTClaimsSet.Builder(whole).claim(claim, null).build());
      without.sign(new MACSigner(KEY));

      assertThat(tokens.verify(without.serialize()))
          .as("without " + claim)
          .isEqualTo(new Verdict.Forged());
    }
  }

  @Test
  void anyChangedBitOfTheClaimsIsForged() {
    String token = tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1)).token();
    String[] parts = token.split("\\.", -1);
    byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
    for (int bit = 0; bit < claims.length * 8; bit++) {
      byte[] changed = claims.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String other =
          parts[0]
              + "."
              + Base64.getUrlEncoder().withoutPadding().encodeToString(changed)
              + "."
              + parts[2];

      assertThat(tokens.verify(other)).isEqualTo(new Verdict.Forged());
    }
  }

  @Test
  void nothingThatArrivesMakesTheCheckThrow() {
    SplittableRandom random = new SplittableRandom(7519);
    String token = tokens.mint("demo", KEY_ID, "alice", Duration.ofHours(1)).token();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder mangled = new StringBuilder(token);
      int changes = random.nextInt(1, 6);
      for (int c = 0; c < changes; c++) {
        int at = random.nextInt(mangled.length());
        switch (random.nextInt(3)) {
          case 0 -> mangled.setCharAt(at, (char) random.nextInt(0x20, 0x7f));
          case 1 -> mangled.deleteCharAt(at);
          default -> mangled.insert(at, (char) random.nextInt(0, 0x3000));
        }
      }
      String text = mangled.toString();

      // Base64url leaves spare bits in the last character, so a few spellings mean the same token.
      assertThat(tokens.verify(text)).as(text).isNotNull();
    }
    String deep =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("[".repeat(1200).getBytes(StandardCharsets.US_ASCII));
    assertThat(tokens.verify(deep + ".e30.AAAA")).isEqualTo(new Verdict.Forged());
    assertThat(tokens.verify("a.".repeat(100_000))).isEqualTo(new Verdict.Forged());
    assertThat(tokens.verify("")).isEqualTo(new Verdict.Forged());
  }

  @Test
  void aShortSigningKeyIsRefused() {
    assertThatThrownBy(() -> new PeerTokens(new byte[31], () -> NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PeerTokens at(Instant instant) {
    return new PeerTokens(KEY, () -> instant);
  }
}
