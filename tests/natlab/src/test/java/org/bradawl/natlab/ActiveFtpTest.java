package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.program.FtpServer;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.program.StunServer;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;
import org.bradawl.tests.support.Program;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The oldest way through a NAT, and its limit: an application-layer gateway, here the kernel's,
 * that knows one protocol, reads along, and rewrites the addresses that it finds.
 */
class ActiveFtpTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @BeforeEach
  void needs() {
    Requires.networkNamespaces();
    Requires.program("nft", "Debian package nftables");
    Requires.program("vsftpd", "Debian package vsftpd");
    Requires.program("curl", "Debian package curl");
  }

  @Test
  void onlyAGatewayThatReadsAlongLetsTheServerConnectBack() {
    try (Internet internet = new Internet();
        FtpServer _ = FtpServer.start(internet);
        Router plain = internet.router("plain", LabNat.parse("eim+apdf").orElseThrow());
        Router helping = internet.router("helping", LabNat.parse("eim+apdf:ftp").orElseThrow())) {

      assertThat(FtpServer.get(plain.host("host").namespace()))
          .contains("500 Illegal PORT command")
          .doesNotContain(FtpServer.CONTENT);
      assertThat(FtpServer.get(helping.host("host").namespace())).contains(FtpServer.CONTENT);
    }
  }

  /** {@code check} tells both apart, and takes neither for a gateway that rewrites everything. */
  @Test
  void checkSaysWhetherThereIsSuchAGateway() {
    try (Internet internet = new Internet();
        FtpServer _ = FtpServer.start(internet);
        StunServer stun = StunServer.own(internet);
        Router plain = internet.router("plain", LabNat.parse("eim+apdf").orElseThrow());
        Router helping = internet.router("helping", LabNat.parse("eim+apdf:ftp").orElseThrow())) {
      CompletableFuture<Json> without = check(stun, plain.host("host"));
      CompletableFuture<Json> with = check(stun, helping.host("host"));

      assertThat(without.join().get("ftpAlg").tree()).isEqualTo(false);
      assertThat(with.join().get("ftpAlg").tree()).isEqualTo(true);
      assertThat(with.join().get("genericAlg").tree()).isEqualTo(false);
    }
  }

  private static CompletableFuture<Json> check(StunServer stun, Host host) {
    List<String> command =
        JavaCommands.agent(
            "check",
            "--json",
            "--server",
            "stun:" + stun.address(),
            "--ftp",
            Internet.CONTROL.getFirst());
    return CompletableFuture.supplyAsync(() ->
        Json.parse(
            Program.run(LIMIT, host.namespace().inside(command).toArray(String[]::new)).output()));
  }
}
