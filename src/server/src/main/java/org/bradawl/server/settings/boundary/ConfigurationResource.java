package org.bradawl.server.settings.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.Problem.InvalidValue;
import org.bradawl.server.platform.control.StartProblem;
import org.bradawl.server.settings.boundary.ConfigurationViews.Changed;
import org.bradawl.server.settings.boundary.ConfigurationViews.SettingList;
import org.bradawl.server.settings.boundary.ConfigurationViews.SettingView;
import org.bradawl.server.settings.control.LiveSettings;
import org.bradawl.server.settings.control.LivingKey;

/**
 * {@code /configuration}: the keys that may change while the server runs. A change holds as a whole
 * or not at all.
 */
@Path("/configuration")
@RequestScoped
@AdminOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ConfigurationResource {

  @Inject private LiveSettings settings;
  @Inject private ConfigurationAdministration administration;

  /** Every key. */
  @GET
  public SettingList list() {
    return new SettingList(
        LivingKey.all().stream().map(settings::setting).map(SettingView::of).toList());
  }

  /** One key. */
  @GET
  @Path("/{key}")
  public SettingView one(@PathParam("key") String key) {
    return SettingView.of(settings.setting(living(key)));
  }

  /** Sets exactly these keys. */
  @PUT
  public Changed replace(InputStream body) {
    Map<String, String> set = new HashMap<>();
    JsonBody.read(body).strings().forEach((key, value) -> value.ifPresent(v -> set.put(key, v)));
    return change(set);
  }

  /** Sets these keys beside those that are set; null takes one back. */
  @PATCH
  public Changed merge(InputStream body) {
    Map<String, String> set = new HashMap<>(settings.set());
    JsonBody.read(body).strings().forEach((key, value) -> put(set, key, value));
    return change(set);
  }

  /** Sets one key. */
  @PUT
  @Path("/{key}")
  public Changed set(@PathParam("key") String key, InputStream body) {
    String value =
        JsonBody.read(body)
            .string("value")
            .orElseThrow(() -> Problem.invalid("value", "is needed").exception());
    Map<String, String> set = new HashMap<>(settings.set());
    set.put(living(key).key(), value);
    return change(set);
  }

  /** Takes one key back: what the environment or the file says holds again. */
  @DELETE
  @Path("/{key}")
  public Changed unset(@PathParam("key") String key) {
    Map<String, String> set = new HashMap<>(settings.set());
    set.remove(living(key).key());
    return change(set);
  }

  private static void put(Map<String, String> set, String key, Optional<String> value) {
    if (value.isPresent()) {
      set.put(key, value.get());
    } else {
      set.remove(key);
    }
  }

  private Changed change(Map<String, String> set) {
    List<InvalidValue> refused =
        set.keySet().stream()
            .filter(key -> LivingKey.of(key).filter(living -> !living.isSecret()).isEmpty())
            .map(ConfigurationResource::refusal)
            .toList();
    if (!refused.isEmpty()) {
      throw Problem.invalid(refused).exception();
    }
    try {
      return new Changed(administration.change(set));
    } catch (StartProblem wrong) {
      throw Problem.invalid(wrong.lines().stream().map(ConfigurationResource::invalid).toList())
          .exception();
    }
  }

  private static InvalidValue refusal(String key) {
    String why =
        LivingKey.of(key).isPresent()
            ? "is a secret: users are at /api/v1/users, the secret is rotated by POST /api/v1/secret"
            : "is no key that can change while the server runs; GET /api/v1/configuration lists"
                + " those";
    return new InvalidValue(Parameters.shown(key), why);
  }

  /** A problem of the configuration begins with its key. */
  private static InvalidValue invalid(String line) {
    int blank = line.indexOf(' ');
    return new InvalidValue(line.substring(0, blank), line.substring(blank + 1));
  }

  private static LivingKey living(String key) {
    return LivingKey.of(key)
        .orElseThrow(() ->
            Parameters.notFound(
                "\"" + Parameters.shown(key) + "\" is no key that can change while running."));
  }
}
