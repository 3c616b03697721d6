package org.bradawl.signaling;

/**
 * What an exchange holds and has done since its start.
 *
 * @param peers sessions, away ones included
 * @param away sessions without a connection
 * @param rooms rooms with somebody in them
 * @param keptChars characters kept until they are acknowledged
 * @param relayed messages taken for a peer
 * @param delivered of those, acknowledged
 * @param failed messages refused, and relayed ones that were returned
 * @param duplicates messages that had been taken before
 * @param refusedFrames frames answered by an error
 * @param started sessions started
 * @param resumed sessions resumed
 * @param replaced sessions ended by a newcomer under the same name
 * @param expired sessions that nobody resumed in time
 * @param dropped connections closed as silent, slow, or flooding
 */
public record ExchangeStatistics(
    int peers,
    int away,
    int rooms,
    long keptChars,
    long relayed,
    long delivered,
    long failed,
    long duplicates,
    long refusedFrames,
    long started,
    long resumed,
    long replaced,
    long expired,
    long dropped) {}
