// @ts-check

/**
 * What went wrong, and what to do about it. `message` is written for the person who has to act; `code` is for
 * programs and does not change between versions.
 *
 * | code | meaning |
 * |---|---|
 * | `unauthorized` | the server did not accept the token |
 * | `unreachable` | the server did not answer |
 * | `replaced` | the same peer id connected from somewhere else |
 * | `refused` | the server ended the session and asked not to come back |
 * | `queue-full` | more is waiting to be sent than the client keeps |
 * | `too-large` | one message is larger than the server takes |
 * | `not-sendable` | the message cannot be written as JSON |
 * | `peer-unavailable` | the other peer is not connected |
 * | `session-lost` | the session could not be resumed, and whether the message arrived is unknown |
 * | `no-path` | the two peers found no way to reach each other |
 * | `declined` | the other side turned the connection down |
 * | `closed` | this side was closed |
 *
 * The server adds codes of its own in `failed` and `error` frames; they are passed on as they are.
 */
export class BradawlError extends Error {
  /**
   * @param {string} code what happened, for programs
   * @param {string} message what happened and what to do, for people
   * @param {unknown} [cause] the error underneath
   */
  constructor(code, message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BradawlError';
    /** @readonly */
    this.code = code;
  }
}
