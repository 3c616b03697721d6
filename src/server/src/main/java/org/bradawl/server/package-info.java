/**
 * The WAR. One package per business component, each split into {@code boundary} (REST resources,
 * endpoints, observers of the container's life), {@code control} (what is done) and {@code entity}
 * (what is stored). Entities never leave {@code entity} and {@code control}; only portable Jakarta
 * EE and MicroProfile are used, so that any server with both can run it.
 */
@NullMarked
package org.bradawl.server;

import org.jspecify.annotations.NullMarked;
