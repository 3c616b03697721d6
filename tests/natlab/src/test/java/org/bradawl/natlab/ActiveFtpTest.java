package org.bradawl.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import org.bradawl.natlab.program.FtpServer;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The oldest way through a NAT, and its limit: an application-layer gateway, here the kernel's,
 * that knows one protocol, reads along, and rewrites the addresses that it finds.
 */
class ActiveFtpTest {

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
}
