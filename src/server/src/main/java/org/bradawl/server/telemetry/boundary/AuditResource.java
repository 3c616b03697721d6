package org.bradawl.server.telemetry.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.AuditEntry;
import org.bradawl.server.platform.control.AuditStore;
import org.bradawl.server.platform.control.Slice;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /audit}: what administrators did. */
@Path("/audit")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = "admin")
@Tag(name = "Audit", description = "What administrators did.")
public class AuditResource {

  @Inject private AuditStore audit;

  /** One action. */
  @Schema(name = "AuditEntry", description = "Something an administrator did.")
  public record Entry(
      UUID id,
      Instant when,
      @Schema(example = "admin-token from 192.0.2.9") String actor,
      @Schema(example = "create-application") String action,
      @Schema(example = "chat") String subject,
      String detail) {
    static Entry of(AuditEntry entry) {
      return new Entry(
          entry.id(),
          entry.happened(),
          entry.actor(),
          entry.action(),
          entry.subject(),
          entry.detail());
    }
  }

  /** A page of actions. */
  @Schema(name = "AuditPage", description = "A page of admin actions.")
  public record EntryPage(
      List<Entry> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {}

  /** A page of actions. */
  @GET
  @Operation(operationId = "listAudit", summary = "List admin actions, newest first")
  public EntryPage list(
      @Parameter(description = "How many items a page has, 1 to 500; 50 if absent")
          @QueryParam("limit")
          @Nullable String limit,
      @Parameter(description = "The \"next\" of the page before") @QueryParam("cursor")
          @Nullable String cursor) {
    PageRequest page = Parameters.page(limit, cursor);
    Slice<AuditEntry> found = audit.list(page.offset(), page.limit());
    return new EntryPage(
        found.items().stream().map(Entry::of).toList(), found.total(), page.next(found.total()));
  }
}
