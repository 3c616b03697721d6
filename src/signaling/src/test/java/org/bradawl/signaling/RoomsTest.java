package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is here: rooms, watches, and what the console sees. */
class RoomsTest extends ExchangeStory {

  @Test
  void roomsTellOfComingAndGoing() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\",\"id\":\"1\"}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"joined\",\"room\":\"r\",\"peers\":[],\"id\":\"1\"}");
    bob.says("{\"type\":\"join\",\"room\":\"r\"}");
    assertThat(bob.link.take())
        .containsExactly("{\"type\":\"joined\",\"room\":\"r\",\"peers\":[\"alice\"]}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"peer-joined\",\"room\":\"r\",\"peer\":\"bob\"}");
    bob.says("{\"type\":\"leave\",\"room\":\"r\"}");
    assertThat(bob.link.take()).containsExactly("{\"type\":\"left\",\"room\":\"r\"}");
    assertThat(alice.link.take())
        .containsExactly("{\"type\":\"peer-left\",\"room\":\"r\",\"peer\":\"bob\"}");
    bob.says("{\"type\":\"leave\",\"room\":\"r\",\"id\":\"2\"}");
    assertThat(bob.link.take())
        .containsExactly(
            "{\"type\":\"error\",\"code\":\"unknown-room\",\"message\":\"you are not in the room r\",\"id\":\"2\"}");
    alice.says("{\"type\":\"bye\"}");
    assertThat(alice.link.closed()).contains(Closing.BYE);
    assertThat(exchange.statistics().rooms()).isZero();
  }

  @Test
  void roomsAreBounded() {
    alice.connect();
    for (String room : List.of("a", "b", "c")) {
      alice.says("{\"type\":\"join\",\"room\":\"%s\"}".formatted(room));
    }
    assertThat(alice.link.take().getLast()).contains("too-many-rooms");
    for (int i = 0; i < 3; i++) {
      Client client = new Client("c" + i);
      client.connect();
      client.says("{\"type\":\"join\",\"room\":\"a\"}");
      String answer = client.link.take().getFirst();
      assertThat(answer).contains(i < 2 ? "\"joined\"" : "room-full");
    }
  }

  @Test
  void watchesAreBoundedAndEnd() {
    alice.connect();
    for (String peer : List.of("a", "b", "c")) {
      alice.says("{\"type\":\"watch\",\"peer\":\"%s\"}".formatted(peer));
    }
    assertThat(alice.link.take().getLast()).contains("too-many-watches");
    alice.says("{\"type\":\"unwatch\",\"peer\":\"a\"}");
    alice.says("{\"type\":\"unwatch\",\"peer\":\"a\"}");
    assertThat(alice.link.take())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("{\"type\":\"unwatched\",\"peer\":\"a\"}"),
            second -> assertThat(second).contains("unknown-watch"));
    new Client("a").connect();
    assertThat(alice.link.take()).isEmpty();
  }

  @Test
  void boundsThePeers() {
    for (int i = 0; i < 6; i++) {
      new Client("p" + i).connect();
    }
    Client late = new Client("late");
    assertThat(late.connect().path("reason").asText()).isEqualTo("too-many-peers");
    assertThat(late.place).isEmpty();
    assertThat(late.link.closed()).contains(Closing.TOO_MANY_PEERS);
  }

  @Test
  void showsWhoIsHere() {
    alice.connect();
    bob.connect();
    alice.says("{\"type\":\"join\",\"room\":\"r\"}");
    bob.losesConnection();
    alice.offers("bob");
    assertThat(exchange.peers())
        .extracting(PeerView::peer)
        .containsExactlyInAnyOrder("alice", "bob");
    PeerView view = exchange.peer("bob").orElseThrow();
    assertThat(view.away()).isTrue();
    assertThat(view.queued()).isEqualTo(1);
    assertThat(exchange.peer("alice").orElseThrow().rooms()).containsExactly("r");
    assertThat(exchange.peer("eve")).isEmpty();
  }
}
