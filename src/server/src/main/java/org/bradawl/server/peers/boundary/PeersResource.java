package org.bradawl.server.peers.boundary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Collectors;
import org.bradawl.server.credentials.control.PeerIds;
import org.bradawl.server.http.boundary.AdminOnly;
import org.bradawl.server.http.boundary.Parameters;
import org.bradawl.server.http.boundary.Problem;
import org.bradawl.server.http.control.PageRequest;
import org.bradawl.server.peers.boundary.PeerViews.PeerDetail;
import org.bradawl.server.peers.boundary.PeerViews.PeerPage;
import org.bradawl.server.peers.control.PeerRecord;
import org.bradawl.server.peers.control.PeerStore;
import org.bradawl.server.platform.control.Slice;
import org.bradawl.server.profiles.boundary.NatProfileViews.NatProfile;
import org.bradawl.server.profiles.control.NatProfileStore;
import org.jspecify.annotations.Nullable;

/** {@code /peers}: who was seen, when, and whether they are online. */
@Path("/peers")
@RequestScoped
@AdminOnly
@Transactional
@Produces(MediaType.APPLICATION_JSON)
public class PeersResource {

  /** More networks than this in one peer's answer help nobody. */
  private static final int PROFILES_SHOWN = 20;

  @Inject private PeerStore peers;
  @Inject private NatProfileStore profiles;

  /** A page of peers. */
  @GET
  public PeerPage list(
      @QueryParam("application") @Nullable String application,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String of = Parameters.application(application);
    PageRequest page = Parameters.page(limit, cursor);
    Slice<PeerRecord> found = peers.list(of, page.offset(), page.limit());
    return PeerPage.of(found, page);
  }

  /** One peer with its networks. */
  @GET
  @Path("/{id}")
  public PeerDetail one(
      @PathParam("id") String id, @QueryParam("application") @Nullable String application) {
    String of = Parameters.application(application);
    PeerRecord peer = theOne(id, PeerIds.isValid(id) ? found(of, id) : List.of());
    List<NatProfile> networks =
        profiles.list(peer.application(), peer.peer(), 0, PROFILES_SHOWN).items().stream()
            .map(NatProfile::of)
            .toList();
    return PeerDetail.of(peer, networks);
  }

  private List<PeerRecord> found(String application, String id) {
    return application.isEmpty() ? peers.named(id) : peers.find(application, id).stream().toList();
  }

  private static PeerRecord theOne(String id, List<PeerRecord> found) {
    if (found.isEmpty()) {
      throw Parameters.notFound("No peer with the id \"" + Parameters.shown(id) + "\" was seen.");
    }
    if (found.size() > 1) {
      String names = found.stream().map(PeerRecord::application).collect(Collectors.joining(", "));
      throw Problem.invalid(
              "application", "must be given: the applications " + names + " have such a peer")
          .exception();
    }
    return found.getFirst();
  }
}
