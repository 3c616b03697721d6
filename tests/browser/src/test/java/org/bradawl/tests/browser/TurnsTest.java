package org.bradawl.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bradawl.tests.browser.Chromium.Screen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A pair in Chromium that may meet by the relay alone, and reaches it by TLS alone. */
class TurnsTest {

  /** A token of the demo, the list of ICE servers, and of those the ones over TLS. */
  private static final String SERVERS =
      """
      async () => {
        const answer = await fetch('/api/v1/demo/token', { method: 'POST' });
        const { token } = await answer.json();
        const headers = { Authorization: 'Bearer ' + token };
        const { iceServers } = await (await fetch('/api/v1/ice-servers', { headers })).json();
        return iceServers
          .map(server => ({ ...server, urls: server.urls.filter(url => url.startsWith('turns:')) }))
          .filter(server => server.urls.length > 0);
      }
      """;

  /** Sends a text from one connection to the other and back; says how each reached the relay. */
  private static final String EXCHANGE =
      """
      iceServers => new Promise((resolve, reject) => {
        const configuration = { iceServers, iceTransportPolicy: 'relay' };
        const [a, b] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
        const errors = [];
        a.onicecandidate = event => event.candidate && b.addIceCandidate(event.candidate);
        b.onicecandidate = event => event.candidate && a.addIceCandidate(event.candidate);
        a.onicecandidateerror = b.onicecandidateerror =
          event => errors.push(event.url + ' ' + event.errorCode + ' ' + event.errorText);
        setTimeout(() => reject(new Error('no data within 30 s: ' + errors)), 30_000);
        const channel = a.createDataChannel('talk');
        channel.onopen = () => channel.send('by TLS');
        b.ondatachannel = ({ channel: other }) => {
          other.onmessage = ({ data }) => other.send(data + ' and back');
        };
        const reached = async connection => [...(await connection.getStats()).values()]
          .filter(each => each.type === 'local-candidate' && each.candidateType === 'relay')
          .map(each => each.relayProtocol);
        channel.onmessage = async ({ data }) => {
          const protocols = [...await reached(a), ...await reached(b)];
          resolve(data + ': ' + [...new Set(protocols)]);
        };
        (async () => {
          await a.setLocalDescription();
          await b.setRemoteDescription(a.localDescription);
          await b.setLocalDescription();
          await a.setRemoteDescription(b.localDescription);
        })().catch(reject);
      })
      """;

  private static RunningServer server;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = new Chromium(Certificate.flags());
    server = RunningServer.get();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @Test
  void aPairMeetsByTheRelayOverTls() {
    Page page = chromium.page(Screen.DESK);
    page.navigate(server.named() + "/");

    Object servers = page.evaluate(SERVERS);
    assertThat(servers)
        .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
        .singleElement()
        .asString()
        .contains("turns:" + Certificate.HOST);
    assertThat(page.evaluate(EXCHANGE, servers)).isEqualTo("by TLS and back: tls");
  }
}
