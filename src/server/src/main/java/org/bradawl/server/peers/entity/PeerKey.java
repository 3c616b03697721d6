package org.bradawl.server.peers.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** The primary key of {@link PeerRow}: peer ids are unique within their application. */
@Embeddable
public record PeerKey(
    @Column(name = "application") String application, @Column(name = "peer") String peer)
    implements Serializable {}
