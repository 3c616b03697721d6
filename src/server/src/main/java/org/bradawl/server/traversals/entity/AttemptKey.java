package org.bradawl.server.traversals.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.UUID;

/** The primary key of {@link AttemptRow}: its traversal and its place in it, from 0. */
@Embeddable
public record AttemptKey(
    @Column(name = "traversal_id") UUID traversal, @Column(name = "ordinal") int ordinal)
    implements Serializable {}
