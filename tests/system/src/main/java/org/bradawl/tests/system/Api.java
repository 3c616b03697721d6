package org.bradawl.tests.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user of the REST API, with a credential and an address of its own: wrong credentials are
 * counted by address, so a test that sends many takes another one of the loopback network.
 */
public final class Api {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client;
  private final Optional<String> credential;

  private Api(HttpClient client, Optional<String> credential) {
    this.client = client;
    this.credential = credential;
  }

  /** An answer. */
  public record Answer(HttpResponse<String> response) {

    /** Its status. */
    public int status() {
      return response.statusCode();
    }

    /** A header; empty text if it is absent. */
    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Its body as it came. */
    public String text() {
      return response.body();
    }

    /** Its body as JSON. */
    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON: " + response.body(), e);
      }
    }

    /** The last segment of a problem's type. */
    public String problem() {
      String type = json().path("type").asText();
      return type.substring(type.lastIndexOf('/') + 1);
    }
  }

  /** Somebody without credentials, at 127.0.0.1. */
  public static Api anonymous() {
    return new Api(HttpClient.newBuilder().build(), Optional.empty());
  }

  /** The bearer of a credential, at 127.0.0.1. */
  public static Api bearing(String credential) {
    return anonymous().with(credential);
  }

  /** The administrator, at 127.0.0.1. */
  public static Api admin() {
    return bearing(RunningServer.ADMIN_TOKEN);
  }

  /** The same user with another credential. */
  public Api with(String other) {
    return new Api(client, Optional.of(other));
  }

  /** The same user at another address of the loopback network. */
  public Api from(String address) {
    HttpClient moved = HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(address)).build();
    return new Api(moved, credential);
  }

  /** GET. */
  public Answer get(String path) {
    return send("GET", path, new byte[0], List.of());
  }

  /** DELETE. */
  public Answer delete(String path) {
    return send("DELETE", path, new byte[0], List.of());
  }

  /** POST without a body. */
  public Answer post(String path) {
    return send("POST", path, new byte[0], List.of());
  }

  /** POST of JSON. */
  public Answer post(String path, String json) {
    return send(
        "POST",
        path,
        json.getBytes(StandardCharsets.UTF_8),
        List.of("Content-Type", "application/json"));
  }

  /**
   * Any request.
   *
   * @param headers names and values in turn
   */
  public Answer send(String method, String path, byte[] body, List<String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(RunningServer.get().address().resolve(path))
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    List<String> all = new ArrayList<>(headers);
    credential.ifPresent(value -> all.addAll(List.of("Authorization", "Bearer " + value)));
    if (!all.isEmpty()) {
      request.headers(all.toArray(new String[0]));
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
