package org.bradawl.signaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what a client would read. Every frame is held against the schema. */
final class TestLink implements Link {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> frames = new ArrayList<>();
  private Optional<Closing> closed = Optional.empty();

  @Override
  public void send(String frame) {
    if (closed.isPresent()) {
      throw new AssertionError("sent after close: " + frame);
    }
    FrameSchema.OF_SERVER.check(frame);
    frames.add(frame);
  }

  @Override
  public void close(Closing why) {
    closed = Optional.of(why);
  }

  Optional<Closing> closed() {
    return closed;
  }

  /** What has come since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** The only frame that has come since the last call. */
  JsonNode takeOne() {
    List<String> taken = take();
    if (taken.size() != 1) {
      throw new AssertionError("expected one frame: " + taken);
    }
    return parse(taken.getFirst());
  }

  static JsonNode parse(String frame) {
    try {
      return JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new AssertionError(frame, e);
    }
  }
}
