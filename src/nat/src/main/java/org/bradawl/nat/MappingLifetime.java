package org.bradawl.nat;

import java.time.Duration;
import java.util.Optional;

/**
 * How long an idle mapping lives, as far as was looked.
 *
 * @param atLeast the longest idle time after which a mapping was still there
 * @param lessThan the shortest after which it was gone; empty if it never was
 */
public record MappingLifetime(Duration atLeast, Optional<Duration> lessThan) {}
