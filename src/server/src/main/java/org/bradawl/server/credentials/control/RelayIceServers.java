package org.bradawl.server.credentials.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import org.bradawl.datapath.DatapathSettings;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.server.platform.control.ContainerConfiguration;
import org.bradawl.server.platform.control.Secrets;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.jspecify.annotations.Nullable;

/**
 * The ICE servers of this server's own relay, with ephemeral credentials in the name of {@code
 * application/peer}: the relay takes that name apart again when it attributes a session.
 */
@ApplicationScoped
public class RelayIceServers implements IceServerSource {

  @Inject private Configuration configuration;
  @Inject private Secrets secrets;
  @Inject private InstantSource clock;

  private volatile @Nullable IceEndpoint known;

  @Override
  public IceServers iceServers(String application, String peer, Reached reached) {
    IceEndpoint endpoint = endpoint();
    EphemeralCredentials.Minted minted =
        new EphemeralCredentials(secrets.turnSecret())
            .mint(application + "/" + peer, clock.instant().plus(endpoint.lifetime()));
    return new IceServers(
        IceServerList.of(
            new IceHosts(endpoint).hostsFor(reached),
            endpoint.port(),
            minted.username(),
            minted.password()),
        endpoint.lifetime().toSeconds());
  }

  private IceEndpoint endpoint() {
    IceEndpoint endpoint = known;
    if (endpoint == null) {
      endpoint =
          IceEndpoint.of(
              DatapathSettings.from(ContainerConfiguration::value),
              configuration.access().turnCredentialLifetime());
      known = endpoint;
    }
    return endpoint;
  }
}
