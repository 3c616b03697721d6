package org.bradawl.turn.server;

import org.bradawl.turn.server.TurnSettings.Quotas;

/**
 * What an operator may change while the server runs. One value for everything, so that a change
 * holds as a whole or not at all.
 *
 * @param quotas how many of everything
 * @param rates how much data
 * @param replies how much for who has proved nothing
 * @param peers with whom
 */
public record TurnPolicy(Quotas quotas, Rates rates, ReplyBounds replies, PeerRules peers) {

  /** The quotas and peers of the settings, and no bounds beside them. */
  public static TurnPolicy of(TurnSettings settings) {
    return new TurnPolicy(settings.quotas(), Rates.UNLIMITED, ReplyBounds.NONE, settings.peers());
  }
}
