package org.bradawl.server.profiles.boundary;

import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import org.bradawl.server.http.boundary.StoredJson;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.profiles.control.NatProfileRecord;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the resource of NAT profiles answers with. */
public final class NatProfileViews {

  private NatProfileViews() {}

  /** The newest profile of one peer in one network. */
  @Schema(name = "NatProfile", description = "What a peer found out about the NAT it is behind.")
  public record NatProfile(
      String id,
      @Schema(example = "demo") String application,
      @Schema(example = "alice") String peer,
      @Schema(description = "The peer's own name for the network; may be empty") String network,
      @Schema(description = "RFC 5780 §4.3", example = "endpoint-independent") String mapping,
      @Schema(description = "RFC 5780 §4.4", example = "address-and-port-dependent")
          String filtering,
      @Schema(description = "The type by RFC 3489 §5", example = "port-restricted-cone")
          String legacyType,
      @Schema(description = "Absent if unknown") @Nullable Boolean hairpinning,
      Instant observed,
      @Schema(type = SchemaType.OBJECT, description = "The peer's whole report")
          JsonValue evidence) {

    /** The profile as the record has it. */
    public static NatProfile of(NatProfileRecord profile) {
      return new NatProfile(
          profile.id().toString(),
          profile.application(),
          profile.peer(),
          profile.network(),
          profile.mapping(),
          profile.filtering(),
          profile.legacyType(),
          profile.hairpinning(),
          profile.observed(),
          StoredJson.read(profile.evidence()));
    }
  }

  /** A page of profiles. */
  @Schema(name = "NatProfilePage", description = "A page of NAT profiles.")
  public record NatProfilePage(
      List<NatProfile> items,
      @Schema(description = "How many there are on all pages") long total,
      @Schema(description = "The cursor of the next page; absent on the last")
          @Nullable String next) {

    static NatProfilePage of(Slice<NatProfileRecord> found, PageRequest page) {
      return new NatProfilePage(
          found.items().stream().map(NatProfile::of).toList(),
          found.total(),
          page.next(found.total()));
    }
  }
}
