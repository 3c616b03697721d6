package org.bradawl.turn.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Several sources side by side. The first that knows a name decides; all are asked for every name,
 * so that the time taken does not tell which one knows it.
 */
public record ChainedCredentials(List<CredentialSource> sources) implements CredentialSource {

  /** Copies the list, which must not be empty. */
  public ChainedCredentials {
    sources = List.copyOf(sources);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("a chain needs a source");
    }
  }

  @Override
  public Lookup find(Claim claim, Instant now) {
    Lookup best = sources.getFirst().find(claim, now);
    for (CredentialSource source : sources.subList(1, sources.size())) {
      best = better(best, source.find(claim, now));
    }
    return best;
  }

  @Override
  public Optional<CredentialSource> otherwise() {
    List<CredentialSource> others =
        sources.stream().flatMap(source -> source.otherwise().stream()).toList();
    return others.isEmpty() ? Optional.empty() : Optional.of(new ChainedCredentials(others));
  }

  @Override
  public boolean findsByHash() {
    return sources.stream().allMatch(CredentialSource::findsByHash);
  }

  @Override
  public Optional<String> thirdParty() {
    return sources.stream().flatMap(source -> source.thirdParty().stream()).findFirst();
  }

  /** Found before expired before unknown; of two alike the first. */
  private static Lookup better(Lookup first, Lookup second) {
    return switch (first) {
      case Lookup.Found found -> found;
      case Lookup.Expired expired ->
          switch (second) {
            case Lookup.Found found -> found;
            case Lookup.Expired _, Lookup.Unknown _ -> expired;
          };
      case Lookup.Unknown _ -> second;
    };
  }
}
