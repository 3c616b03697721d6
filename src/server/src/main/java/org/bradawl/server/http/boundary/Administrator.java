package org.bradawl.server.http.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.UUID;
import org.bradawl.server.platform.control.HistoryEntry.AdminActed;

/** Who acts in this request, for the record of admin actions. */
@RequestScoped
public class Administrator {

  @Inject private HttpServletRequest request;
  @Inject private Arrivals arrivals;
  @Inject private InstantSource clock;

  /**
   * The entry of an action.
   *
   * @param action a verb and its object, such as {@code end-allocation}
   * @param subject what it was done to
   */
  public AdminActed acted(String action, String subject, String detail) {
    return new AdminActed(
        UUID.randomUUID(),
        clock.instant(),
        "admin-token from " + arrivals.of(request).client(),
        action,
        subject,
        detail);
  }
}
