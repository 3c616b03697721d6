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
import org.jspecify.annotations.Nullable;

/** {@code /audit}: what administrators did. */
@Path("/audit")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {

  @Inject private AuditStore audit;

  /** One action. */
  public record Entry(
      UUID id, Instant when, String actor, String action, String subject, String detail) {
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
  public record EntryPage(List<Entry> items, long total, @Nullable String next) {}

  /** A page of actions. */
  @GET
  public EntryPage list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    PageRequest page = Parameters.page(limit, cursor);
    Slice<AuditEntry> found = audit.list(page.offset(), page.limit());
    return new EntryPage(
        found.items().stream().map(Entry::of).toList(), found.total(), page.next(found.total()));
  }
}
