package org.bradawl.server.credentials.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.bradawl.datapath.Datapath;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.settings.control.LiveSettings;
import org.bradawl.server.settings.control.TurnSecrets;
import org.bradawl.turn.auth.EphemeralCredentials;

/**
 * The ICE servers of this server's own relay, with ephemeral credentials in the name of {@code
 * application/peer}: the relay takes that name apart again when it attributes a session.
 */
@ApplicationScoped
public class RelayIceServers implements IceServerSource {

  @Inject private Configuration configuration;
  @Inject private LiveSettings settings;
  @Inject private TurnSecrets turnSecrets;
  @Inject private InstantSource clock;
  @Inject private Relay relay;

  @Override
  public IceServers iceServers(Admission.Admitted admitted, Reached reached) {
    Duration lifetime = settings.current().access().turnCredentialLifetime();
    IceEndpoint endpoint = IceEndpoint.of(configuration.datapath(), listeners(), lifetime);
    EphemeralCredentials.Minted minted =
        new EphemeralCredentials(turnSecrets.current().secret())
            .mint(
                admitted.application() + "/" + admitted.peer(),
                KnownKeys.issuer(admitted.key()),
                clock.instant().plus(lifetime));
    List<String> hosts = new IceHosts(endpoint).hostsFor(reached);
    return new IceServers(
        IceServerList.of(
            hosts,
            endpoint.port(),
            relay.running().map(datapath -> TlsUrls.of(datapath, hosts)).orElse(List.of()),
            minted.username(),
            minted.password()),
        lifetime.toSeconds());
  }

  private List<Datapath.Listener> listeners() {
    return relay.running().map(Datapath::listeners).orElse(List.of());
  }
}
