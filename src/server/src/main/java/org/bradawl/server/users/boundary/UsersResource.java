package org.bradawl.server.users.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.JsonBody;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.boundary.ProblemException;
import org.bradawl.server.settings.control.RelayAccess;
import org.bradawl.server.users.boundary.UserViews.User;
import org.bradawl.server.users.boundary.UserViews.UserPage;
import org.bradawl.stun.OpaqueString;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.UserKeys;
import org.jspecify.annotations.Nullable;

/**
 * {@code /users}: users of the relay with passwords that do not expire. Of a password its derived
 * keys are kept, and nothing is ever shown.
 */
@Path("/users")
@RequestScoped
@AdminOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class UsersResource {

  private static final String NAME_RULE =
      "must have 1 to 128 characters of text, and no colon, which ephemeral credentials have";

  private static final String REALM_RULE =
      "must be bradawl.turn.realm, or one that bradawl.turn.realms gives to a host";

  private static final int LONGEST_NAME = 128;

  @Inject private UserAdministration administration;
  @Inject private RelayAccess relay;

  /** A page of users. */
  @GET
  public UserPage list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return administration.list(Parameters.page(limit, cursor));
  }

  /** One user. */
  @GET
  @Path("/{name}")
  public User one(@PathParam("name") String name, @QueryParam("realm") @Nullable String realm) {
    return user(name, realm).flatMap(administration::find).orElseThrow(UsersResource::absent);
  }

  /** Adds a user, or changes its password: its sessions end then. */
  @PUT
  @Path("/{name}")
  public Response put(
      @PathParam("name") String name,
      @QueryParam("realm") @Nullable String realm,
      InputStream body) {
    JsonBody json = JsonBody.read(body);
    RealmUser who =
        user(name, realm).orElseThrow(() -> Problem.invalid("name", NAME_RULE).exception());
    if (!administration.realms().contains(who.realm())) {
      throw Problem.invalid("realm", REALM_RULE).exception();
    }
    String keys = keys(who, json);
    boolean fresh = administration.put(who, keys);
    relay.users(administration.keys());
    User user = administration.find(who).orElseThrow(UsersResource::absent);
    return Response.status(fresh ? Response.Status.CREATED : Response.Status.OK)
        .entity(user)
        .build();
  }

  /** Removes a user; its sessions end. */
  @DELETE
  @Path("/{name}")
  public Response remove(
      @PathParam("name") String name, @QueryParam("realm") @Nullable String realm) {
    if (!user(name, realm).map(administration::remove).orElse(false)) {
      throw absent();
    }
    relay.users(administration.keys());
    return Response.noContent().build();
  }

  private Optional<RealmUser> user(String name, @Nullable String realm) {
    String where = realm == null || realm.isEmpty() ? administration.realm() : realm;
    return prepared(name).map(who -> new RealmUser(where, who));
  }

  private String keys(RealmUser who, JsonBody json) {
    Optional<String> password = json.string("password");
    Optional<String> keys = json.string("keys");
    if (keys.isPresent() && password.isEmpty() && UserKeys.parse(keys.get()).isPresent()) {
      return keys.get();
    }
    if (password.isEmpty() || keys.isPresent()) {
      throw Problem.invalid(
              keys.isPresent() ? "keys" : "password",
              "give either \"password\", or \"keys\" as 0x and the MD5 key in hexadecimal, or also"
                  + " a colon, 0x and the SHA-256 key")
          .exception();
    }
    try {
      return UserKeys.write(who.name(), who.realm(), password.get());
    } catch (IllegalArgumentException unusable) {
      throw Problem.invalid("password", "must be text that can be typed (RFC 8265)").exception();
    }
  }

  private static Optional<String> prepared(String name) {
    return OpaqueString.prepare(name)
        .filter(text -> text.length() <= LONGEST_NAME && text.indexOf(':') < 0);
  }

  private static ProblemException absent() {
    return Parameters.notFound("There is no such user.");
  }
}
