package org.bradawl.server.platform.boundary;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The REST API. Resources and mappers are found by annotation. */
@ApplicationPath("/api/v1")
public class RestApplication extends Application {

  /** Jersey otherwise adds a second, older description of the API, application.wadl. */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of("jersey.config.server.wadl.disableWadl", true);
  }
}
