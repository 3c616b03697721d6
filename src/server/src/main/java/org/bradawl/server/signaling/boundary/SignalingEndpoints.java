package org.bradawl.server.signaling.boundary;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Set;

/** Declares the endpoint, of which there is one instance for all connections. */
public class SignalingEndpoints implements ServerApplicationConfig {

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return Set.of(
        ServerEndpointConfig.Builder.create(SignalingEndpoint.class, SignalingEndpoint.PATH)
            .subprotocols(List.of(SignalingEndpoint.SUBPROTOCOL))
            .configurator(new OneInstance())
            .build());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
    return scanned;
  }

  /** Gives every connection the same instance. */
  static final class OneInstance extends ServerEndpointConfig.Configurator {
    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
      return CDI.current().select(endpointClass).get();
    }
  }
}
