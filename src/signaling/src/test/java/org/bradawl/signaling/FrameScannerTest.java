package org.bradawl.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bradawl.signaling.ClientFrame.Payload;
import org.bradawl.signaling.ClientFrame.Unusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameScannerTest {

  @Test
  void findsTheEnvelopeAndTheSpanOfThePayload() {
    String text =
        " {\"to\" : \"bob\",\"data\": {\"sdp\":\"v=0\\r\\n\",\"from\":\"x\"} ,\"seq\":5,\"type\":\"offer\"}\n";
    ClientFrame.Send send = (ClientFrame.Send) FrameScanner.scan(text);
    assertThat(send.kind()).isEqualTo(Kind.OFFER);
    assertThat(send.to()).isEqualTo("bob");
    assertThat(send.seq()).isEqualTo(5);
    assertThat(send.ack()).isZero();
    assertThat(send.data().text()).isEqualTo("{\"sdp\":\"v=0\\r\\n\",\"from\":\"x\"}");
  }

  @Test
  void carriesIdAndAcknowledgement() {
    ClientFrame.Send send =
        (ClientFrame.Send)
            FrameScanner.scan(
                "{\"type\":\"message\",\"to\":\"b\",\"seq\":1,\"ack\":7,\"id\":\"q\\u0041\",\"data\":null}");
    assertThat(send.ack()).isEqualTo(7);
    assertThat(send.id()).contains("\"q\\u0041\"");
    assertThat(send.data().text()).isEqualTo("null");
  }

  @Test
  void knowsEveryFrame() {
    assertThat(FrameScanner.scan("{\"type\":\"ack\",\"seq\":9}")).isEqualTo(new ClientFrame.Ack(9));
    assertThat(FrameScanner.scan("{\"type\":\"join\",\"room\":\"r\",\"id\":\"1\"}"))
        .isEqualTo(new ClientFrame.Join("r", Optional.of("\"1\"")));
    assertThat(FrameScanner.scan("{\"type\":\"leave\",\"room\":\"r\"}"))
        .isEqualTo(new ClientFrame.Leave("r", Optional.empty()));
    assertThat(FrameScanner.scan("{\"type\":\"watch\",\"peer\":\"p\"}"))
        .isEqualTo(new ClientFrame.Watch("p", Optional.empty()));
    assertThat(FrameScanner.scan("{\"type\":\"unwatch\",\"peer\":\"p\"}"))
        .isEqualTo(new ClientFrame.Unwatch("p", Optional.empty()));
    assertThat(FrameScanner.scan("{\"type\":\"ping\"}"))
        .isEqualTo(new ClientFrame.Ping(Optional.empty()));
    assertThat(FrameScanner.scan("{\"type\":\"refresh\"}"))
        .isEqualTo(new ClientFrame.Refresh(Optional.empty()));
    assertThat(FrameScanner.scan("{\"type\":\"bye\"}")).isEqualTo(new ClientFrame.Bye());
    String report = "{\"type\":\"report\",\"traversal\":{\"peer\":\"p\"}}";
    assertThat(FrameScanner.scan(report))
        .isEqualTo(new ClientFrame.Report(new Payload(report, 29, 41), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}}",
        "{\"type\":\"ping\"} x",
        "{\"type\":\"ping\",}",
        "{type:\"ping\"}",
        "{\"type\":'ping'}",
        "{\"type\":\"ping\" \"id\":\"1\"}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":\"unfinished}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":{\"a\":1]}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":01}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":01,\"data\":1}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":\"\\x\"}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":\"\t\"}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":}",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":1},\"from\":\"eve\"}",
      })
  void refusesWhatIsNotOneJsonObject(String text) {
    assertThat(FrameScanner.scan(text))
        .isEqualTo(new Unusable(ErrorCode.BAD_FRAME, "not a JSON object", Optional.empty(), 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"offer\",\"to\":\"b\",\"to\":\"c\",\"seq\":1,\"data\":1}",
        "{\"type\":\"ping\",\"type\":\"bye\"}",
        "{\"type\":\"ping\",\"t\\u006f\":\"c\"}",
        "{\"type\":\"ping\",\"id\":7}",
      })
  void refusesAmbiguousEnvelopes(String text) {
    assertThat(codeOf(text)).isEqualTo(ErrorCode.BAD_FRAME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\'',
      value = {
        "{} MISSING_FIELD 0",
        "{\"type\":7} UNKNOWN_TYPE 0",
        "{\"type\":\"welcome\"} UNKNOWN_TYPE 0",
        "{\"type\":\"off\\u0065r\",\"seq\":3} UNKNOWN_TYPE 3",
        "{\"type\":\"offer\",\"to\":\"b\",\"data\":1} MISSING_FIELD 0",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":-1,\"data\":1} MISSING_FIELD 0",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1.0,\"data\":1} MISSING_FIELD 0",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":9007199254740992,\"data\":1} MISSING_FIELD 0",
        "{\"type\":\"offer\",\"to\":\"b\",\"seq\":4} MISSING_FIELD 4",
        "{\"type\":\"offer\",\"seq\":4,\"data\":1} BAD_NAME 4",
        "{\"type\":\"offer\",\"to\":\"b/c\",\"seq\":4,\"data\":1} BAD_NAME 4",
        "{\"type\":\"offer\",\"to\":\"\",\"seq\":4,\"data\":1} BAD_NAME 4",
        "{\"type\":\"join\",\"room\":5} BAD_NAME 0",
        "{\"type\":\"report\",\"traversal\":[]} MISSING_FIELD 0",
        "{\"type\":\"ack\"} MISSING_FIELD 0",
      })
  void saysWhatIsWrong(String text, ErrorCode code, long seq) {
    Unusable unusable = (Unusable) FrameScanner.scan(text);
    assertThat(unusable.code()).isEqualTo(code);
    assertThat(unusable.seq()).isEqualTo(seq);
  }

  @Test
  void boundsDepth() {
    String frame = "{\"type\":\"offer\",\"to\":\"b\",\"seq\":1,\"data\":%s1%s}";
    for (List<String> brackets : List.of(List.of("[", "]"), List.of("{\"a\":", "}"))) {
      String open = brackets.getFirst();
      String close = brackets.getLast();
      assertThat(FrameScanner.scan(frame.formatted(open.repeat(64), close.repeat(64))))
          .isInstanceOf(ClientFrame.Send.class);
      assertThat(codeOf(frame.formatted(open.repeat(65), close.repeat(65))))
          .isEqualTo(ErrorCode.TOO_DEEP);
      assertThat(codeOf(frame.formatted(open.repeat(60_000), ""))).isEqualTo(ErrorCode.TOO_DEEP);
    }
  }

  @Test
  void boundsNamesAndIds() {
    String join = "{\"type\":\"join\",\"room\":\"%s\"}";
    assertThat(FrameScanner.scan(join.formatted("r".repeat(64))))
        .isInstanceOf(ClientFrame.Join.class);
    assertThat(codeOf(join.formatted("r".repeat(65)))).isEqualTo(ErrorCode.BAD_NAME);
    String ping = "{\"type\":\"ping\",\"id\":\"%s\"}";
    assertThat(FrameScanner.scan(ping.formatted("i".repeat(64))))
        .isInstanceOf(ClientFrame.Ping.class);
    assertThat(codeOf(ping.formatted("i".repeat(65)))).isEqualTo(ErrorCode.BAD_FRAME);
  }

  private static ErrorCode codeOf(String text) {
    return ((Unusable) FrameScanner.scan(text)).code();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "nat-report",
        "echo",
        "connect",
        "accept",
        "refuse",
        "ready",
        "step-result",
        "done",
        "cancel"
      })
  void framesOfNativePeersGoOnAsTheyAre(String type) {
    String text = "{\"id\":\"i\",\"type\":\"" + type + "\",\"hosts\":[{}]}";
    assertThat(FrameScanner.scan(text))
        .isEqualTo(
            new ClientFrame.Native(new Payload(text, 0, text.length()), Optional.of("\"i\"")));
  }
}
