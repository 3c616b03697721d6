package org.bradawl.server.profiles.boundary;

import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import org.bradawl.server.http.boundary.StoredJson;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.profiles.control.NatProfileRecord;
import org.jspecify.annotations.Nullable;

/** What the resource of NAT profiles answers with. */
public final class NatProfileViews {

  private NatProfileViews() {}

  /** The newest profile of one peer in one network. */
  public record NatProfile(
      String id,
      String application,
      String peer,
      String network,
      String mapping,
      String filtering,
      String legacyType,
      @Nullable Boolean hairpinning,
      Instant observed,
      String standing,
      List<String> doubts,
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
          profile.standing(),
          profile.doubts().lines().toList(),
          StoredJson.read(profile.evidence()));
    }
  }

  /** A page of profiles. */
  public record NatProfilePage(List<NatProfile> items, long total, @Nullable String next) {

    static NatProfilePage of(Slice<NatProfileRecord> found, PageRequest page) {
      return new NatProfilePage(
          found.items().stream().map(NatProfile::of).toList(),
          found.total(),
          page.next(found.total()));
    }
  }
}
