package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bradawl.stun.MessageClass;
import org.junit.jupiter.api.Test;

/** The same name in two realms, kept by REST: two users, each with an end of its own. */
class UsersOfRealmsTest {

  private static final String PATH = "/api/v1/users/walburga";
  private static final String THERE = PATH + "?realm=" + RunningServer.OTHER_REALM;

  private final Api admin = Api.admin();

  @Test
  void aNameInTwoRealmsIsTwoUsers() {
    assertThat(put(PATH, "here").status()).isEqualTo(201);
    Api.Answer made = put(THERE, "there");
    assertThat(made.status()).isEqualTo(201);
    ApiDocument.get().assertDescribes("PUT", "/api/v1/users/{name}", made);
    assertThat(made.json().path("realm").asText()).isEqualTo(RunningServer.OTHER_REALM);
    assertThat(admin.get(PATH).json().path("realm").asText()).isEqualTo("bradawl");
    assertThat(realmsListed()).isEqualTo(2);

    try (TurnClient client = new TurnClient(RunningServer.get().turn(), "walburga", "here")) {
      assertThat(client.allocate().messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
      assertThat(put(THERE, "other").status()).isEqualTo(200);
      assertThat(admin.delete(THERE).status()).isEqualTo(204);
      assertThat(client.permit("127.0.0.9", 9)).as("the other one is gone").isZero();
      assertThat(admin.delete(PATH).status()).isEqualTo(204);
      assertThat(client.permit("127.0.0.9", 9)).as("now this one is").isEqualTo(401);
    }
    assertThat(admin.get(THERE).status()).isEqualTo(404);
    Api.Answer unknown = put(PATH + "?realm=nowhere", "x");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.text()).contains("bradawl.turn.realms");
    Eventually.get(
        admin,
        "/api/v1/audit?limit=500",
        audit -> audit.toString().contains("walburga@" + RunningServer.OTHER_REALM));
  }

  private int realmsListed() {
    int listed = 0;
    for (JsonNode user : admin.get("/api/v1/users?limit=500").json().path("items")) {
      listed += user.path("name").asText().equals("walburga") ? 1 : 0;
    }
    return listed;
  }

  private Api.Answer put(String path, String password) {
    return admin.send(
        "PUT",
        path,
        ("{\"password\":\"" + password + "\"}").getBytes(StandardCharsets.UTF_8),
        List.of("Content-Type", "application/json"));
  }
}
