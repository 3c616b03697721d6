package org.bradawl.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationsTest {

  private static final String PATH = "/api/v1/applications";
  private static final String ONE = PATH + "/{name}";

  private final Api admin = Api.admin();

  @Test
  void anApplicationLivesFromItsCreationToItsEnd() {
    Api.Answer created = admin.post(PATH, "{\"name\":\"life\"}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).endsWith(PATH + "/life");
    ApiDocument.get().assertDescribes("POST", PATH, created);
    String key = created.json().path("key").asText();
    assertThat(accepts(key)).isTrue();

    Api.Answer shown = admin.get(PATH + "/life");
    ApiDocument.get().assertDescribes("GET", ONE, shown);
    assertThat(shown.text()).doesNotContain(key);
    assertThat(shown.json().path("origin").asText()).isEqualTo("rest");

    Api.Answer again = admin.post(PATH, "{\"name\":\"life\"}");
    assertThat(again.status()).isEqualTo(409);
    ApiDocument.get().assertDescribes("POST", PATH, again);

    assertThat(admin.delete(PATH + "/life").status()).isEqualTo(204);
    assertThat(accepts(key)).isFalse();
    assertThat(admin.delete(PATH + "/life").status()).isEqualTo(404);

    Api.Answer anew = admin.post(PATH, "{\"name\":\"life\"}");
    assertThat(anew.status()).isEqualTo(201);
    assertThat(accepts(key)).as("the old key of the new application").isFalse();
    assertThat(accepts(anew.json().path("key").asText())).isTrue();
  }

  @Test
  void keysAreAddedRevokedAndRotatedAndTheirTokensGoWithThem() {
    String first = admin.post(PATH, "{\"name\":\"keys\"}").json().path("key").asText();
    Api.Answer added = admin.post(PATH + "/keys/keys");
    assertThat(added.status()).isEqualTo(201);
    String second = added.json().path("key").asText();
    String token = Api.bearing(second).post("/api/v1/tokens").json().path("token").asText();
    assertThat(List.of(accepts(first), accepts(second), accepts(token))).doesNotContain(false);

    String id = added.json().path("id").asText();
    assertThat(admin.delete(PATH + "/keys/keys/" + id).status()).isEqualTo(204);
    assertThat(accepts(second)).isFalse();
    assertThat(accepts(token)).as("a token of the revoked key").isFalse();
    assertThat(accepts(first)).isTrue();
    assertThat(admin.delete(PATH + "/keys/keys/" + id).status()).isEqualTo(404);

    Api.Answer rotated = admin.post(PATH + "/keys/rotate");
    ApiDocument.get().assertDescribes("POST", ONE + "/rotate", rotated);
    assertThat(accepts(first)).isFalse();
    assertThat(accepts(rotated.json().path("key").asText())).isTrue();
  }

  @Test
  void anApplicationHasAtMostTenLiveKeys() {
    admin.post(PATH, "{\"name\":\"many\"}");
    for (int i = 1; i < 10; i++) {
      assertThat(admin.post(PATH + "/many/keys").status()).isEqualTo(201);
    }
    Api.Answer eleventh = admin.post(PATH + "/many/keys");

    assertThat(eleventh.status()).isEqualTo(409);
    ApiDocument.get().assertDescribes("POST", ONE + "/keys", eleventh);
  }

  @Test
  void whatStandsInTheConfigurationIsChangedThere() {
    for (Api.Answer answer :
        List.of(admin.delete(PATH + "/chat"), admin.post(PATH + "/chat/rotate"))) {
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.json().path("detail").asText()).contains("bradawl.applications");
    }
    assertThat(accepts(RunningServer.CHAT_KEY)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":\"\"}",
        "{\"name\":\"a b\"}",
        "{\"name\":\"a/b\"}",
        "{\"name\":7}",
        "{\"name\":null}",
        "[]",
        "{"
      })
  void aNameIsNeededAndMustBeOne(String body) {
    Api.Answer answer = admin.post(PATH, body);

    assertThat(answer.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("POST", PATH, answer);
  }

  @Test
  void pagesLeadThroughTheWholeListOnce() {
    for (int i = 0; i < 5; i++) {
      admin.post(PATH, "{\"name\":\"page-%d\"}".formatted(i));
    }
    List<String> names = new ArrayList<>();
    JsonNode page = admin.get(PATH + "?limit=2").json();
    long total = page.path("total").asLong();
    addNames(page, names);
    while (page.has("next")) {
      assertThat(page.path("items")).hasSize(2);
      page = admin.get(PATH + "?limit=2&cursor=" + page.path("next").asText()).json();
      addNames(page, names);
    }

    assertThat(names).doesNotHaveDuplicates().contains("page-0", "page-4", "chat").isSorted();
    assertThat(names).hasSizeGreaterThanOrEqualTo((int) total);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=501", "limit=x", "cursor=x", "cursor=b2Zmc2V0Oi0x"})
  void aPageThatIsNoneIsRefused(String query) {
    Api.Answer answer = admin.get(PATH + "?" + query);

    assertThat(answer.status()).isEqualTo(400);
    ApiDocument.get().assertDescribes("GET", PATH, answer);
  }

  @Test
  void whatAnAdministratorDoesIsKept() {
    admin.post(PATH, "{\"name\":\"audited\"}");
    admin.post(PATH + "/audited/rotate");
    admin.delete(PATH + "/audited");
    admin.delete(PATH + "/audited");

    Api.Answer audit = admin.get("/api/v1/audit?limit=500");
    ApiDocument.get().assertDescribes("GET", "/api/v1/audit", audit);
    List<String> actions = new ArrayList<>();
    for (JsonNode entry : audit.json().path("items")) {
      if (entry.path("subject").asText().equals("audited")) {
        assertThat(entry.path("actor").asText()).contains("127.0.0.1");
        actions.add(entry.path("action").asText());
      }
    }
    assertThat(actions)
        .containsExactly("delete-application", "rotate-application-keys", "create-application");
  }

  private static void addNames(JsonNode page, List<String> names) {
    page.path("items").forEach(item -> names.add(item.path("name").asText()));
  }

  private static boolean accepts(String credential) {
    return Api.bearing(credential).from("127.0.3.1").get("/api/v1/ice-servers").status() == 200;
  }
}
