package org.bradawl.server.credentials.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IceServersTest {

  @Test
  void theListIsWhatRtcPeerConnectionTakes() {
    IceServers servers =
        new IceServers(
            IceServerList.of(
                List.of("turn.example.org", "[2001:db8::1]"),
                3478,
                List.of("turns:turn.example.org:5349?transport=tcp"),
                "1800:demo/alice",
                "c2VjcmV0+/="),
            3600);

    assertThat(servers.listAsJson())
        .isEqualTo(
            """
            [{"urls":["stun:turn.example.org:3478","stun:[2001:db8::1]:3478"]},\
            {"urls":["turn:turn.example.org:3478?transport=udp","turn:turn.example.org:3478?transport=tcp",\
            "turn:[2001:db8::1]:3478?transport=udp","turn:[2001:db8::1]:3478?transport=tcp",\
            "turns:turn.example.org:5349?transport=tcp"],\
            "username":"1800:demo/alice","credential":"c2VjcmV0+/="}]\
            """);
  }

  @Test
  void credentialsStayOutOfLogs() {
    IceServer server = new IceServer(List.of("turn:h:1"), "user", "hush");

    assertThat(server.toString()).contains("user").doesNotContain("hush");
    assertThat(new Presented("hush", "alice", "192.0.2.1").toString()).doesNotContain("hush");
  }
}
