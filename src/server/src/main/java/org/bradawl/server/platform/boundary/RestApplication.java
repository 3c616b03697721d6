package org.bradawl.server.platform.boundary;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.security.SecuritySchemes;
import org.eclipse.microprofile.openapi.annotations.servers.Server;

/** The REST API. Resources and mappers are found by annotation. */
@ApplicationPath("/api/v1")
@OpenAPIDefinition(
    info =
        @Info(
            title = "Bradawl",
            version = "1",
            description =
                """
                STUN, TURN and signaling for peers behind NATs: what applications and their peers \
                ask for, and what administrators see and do.

                Lists come in pages: `?limit=` says how many items (1 to 500, otherwise 50), and \
                the `next` of a page is the `?cursor=` of the one after it. `total` counts all \
                pages. A cursor is to be handed back as it is.

                Whatever goes wrong is a problem by RFC 9457 (`application/problem+json`); its \
                `type` leads to an explanation.

                An address that presents too many wrong credentials (30 a minute, \
                `bradawl.http.failures-per-minute`) is answered 429 with `Retry-After`.

                Pages of other origins may call `/ice-servers` and `/tokens`: every origin, unless \
                `bradawl.http.allowed-origins` lists them. There are no cookies; what a page may do \
                lies in the bearer token that it has.\
                """,
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
    servers = @Server(url = "/", description = "This server"))
@SecuritySchemes({
  @SecurityScheme(
      securitySchemeName = "peer-token",
      type = SecuritySchemeType.HTTP,
      scheme = "bearer",
      bearerFormat = "JWT",
      description = "A token from POST /api/v1/tokens; it speaks for one peer."),
  @SecurityScheme(
      securitySchemeName = "application-key",
      type = SecuritySchemeType.HTTP,
      scheme = "bearer",
      description = "The key of an application; for servers, never for browsers."),
  @SecurityScheme(
      securitySchemeName = "admin",
      type = SecuritySchemeType.HTTP,
      scheme = "bearer",
      description =
          "The admin token: bradawl.admin.token, or the one that the server printed at its first"
              + " start.")
})
public class RestApplication extends Application {

  /** Jersey otherwise adds a second, older description of the API, application.wadl. */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of("jersey.config.server.wadl.disableWadl", true);
  }
}
