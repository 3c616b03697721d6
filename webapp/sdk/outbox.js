// @ts-check
import { BradawlError } from './errors.js';

/**
 * @typedef {object} Outgoing one message on its way to another peer
 * @property {number} seq its number in the session, from 1
 * @property {string} to
 * @property {string} text the frame, without its number
 * @property {boolean} written whether it was ever handed to a socket of this session
 * @property {() => void} delivered
 * @property {(problem: BradawlError) => void} failed
 */

/**
 * The messages that the other side has not confirmed yet, in order, numbered 1, 2, 3 … for one session.
 *
 * It knows no socket. The session hands every message in with {@link push}, writes what is {@link pending} by its
 * number, and reports what the server said with {@link delivered} and {@link failed}. What is kept is
 * bounded in number and in characters, so that a peer that never answers costs an error and not memory.
 */
export class Outbox {
  /** @param {{messages: number, characters: number}} bounds */
  constructor(bounds) {
    this.bounds = bounds;
    /** @type {Map<number, Outgoing>} by number, in order */
    this.pending = new Map();
    this.last = 0;
    this.characters = 0;
  }

  get size() {
    return this.pending.size;
  }

  /**
   * Numbers a message and keeps it until it is confirmed.
   *
   * @param {string} to
   * @param {string} text the frame as JSON, without `seq`
   * @param {() => void} delivered
   * @param {(problem: BradawlError) => void} failed
   * @returns {Outgoing}
   * @throws {BradawlError} `queue-full`
   */
  push(to, text, delivered, failed) {
    if (this.pending.size >= this.bounds.messages || this.characters + text.length > this.bounds.characters) {
      throw new BradawlError('queue-full',
        `${this.pending.size} messages are waiting to be confirmed, which is as much as is kept. ` +
        'Await what send() returns before sending more.');
    }
    const message = { seq: ++this.last, to, text, written: false, delivered, failed };
    this.pending.set(message.seq, message);
    this.characters += text.length;
    return message;
  }

  /**
   * The peer `to` has confirmed everything that was sent to it up to `seq`.
   *
   * @param {string} to
   * @param {number} seq
   */
  delivered(to, seq) {
    for (const message of this.pending.values()) {
      if (message.seq > seq) break;
      if (message.to === to) {
        this.#drop(message);
        message.delivered();
      }
    }
  }

  /**
   * The server could not deliver one message.
   *
   * @param {number} seq
   * @param {BradawlError} problem
   */
  failed(seq, problem) {
    const message = this.pending.get(seq);
    if (message) {
      this.#drop(message);
      message.failed(problem);
    }
  }

  /**
   * A new session begins: numbers start at 1 again. What was never written to a socket moves into it; what was
   * written may or may not have arrived, and to send it again could double it, so it fails with `session-lost`.
   */
  renumber() {
    const before = [...this.pending.values()];
    this.pending.clear();
    this.last = 0;
    this.characters = 0;
    for (const message of before) {
      if (message.written) {
        message.failed(new BradawlError('session-lost',
          `The connection to the server was away too long to be resumed, so it is not known whether the message ` +
          `to ${message.to} arrived. Ask the other side, or send it again if a double does no harm.`));
      } else {
        message.seq = ++this.last;
        this.pending.set(message.seq, message);
        this.characters += message.text.length;
      }
    }
  }

  /** @param {BradawlError} problem fails everything that is left */
  clear(problem) {
    const before = [...this.pending.values()];
    this.pending.clear();
    this.characters = 0;
    before.forEach(message => message.failed(problem));
  }

  /** @param {Outgoing} message */
  #drop(message) {
    this.pending.delete(message.seq);
    this.characters -= message.text.length;
  }
}
