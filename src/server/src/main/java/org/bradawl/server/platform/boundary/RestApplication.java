package org.bradawl.server.platform.boundary;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST API. Resources and mappers are found by annotation. */
@ApplicationPath("/api/v1")
public class RestApplication extends Application {}
