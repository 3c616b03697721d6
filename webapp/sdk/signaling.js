// @ts-check
import { finalClose, UNAUTHORIZED, unauthorized, whyNoHandshake } from './closes.js';
import { BradawlError } from './errors.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { Timers } from './timers.js';

/** First wait after a lost socket. Most losses are a change of network that is over by then. */
const FIRST_WAIT_MS = 400;
/** Longest wait. Below the two minutes for which the server keeps a session, so that several tries fall inside. */
const LONGEST_WAIT_MS = 15_000;
/** A socket that held this long was good: the next loss starts again with the first wait. */
const STEADY_MS = 5_000;
/** A handshake that hangs longer is given up; a mobile network that is waking up needs a few seconds. */
const HANDSHAKE_MS = 15_000;
/** Silence after a ping that means the socket is dead: several round trips over a bad mobile network. */
const PONG_MS = 10_000;
/** The same where something already points to a loss (the browser said `offline`, or the page woke up). */
const PROBE_MS = 3_000;
/** Acknowledgements wait this long for more to come: with the next constant, 20 a second of the allowed rate at most. */
const ACK_MS = 50;
/** … but never for more messages than this, so that the server's queue for us stays short. */
const ACK_EVERY = 32;
/** Of the server's rate, what messages may use; the rest is for acknowledgements, pings and rooms. */
const MESSAGE_SHARE = 0.75;
/** Reports and questions kept while there is no socket. */
const CONTROL_KEPT = 32;
/** Refusals in a row of freshly made tokens after which trying on makes no sense. */
const REFUSALS = 3;

/** Room in a frame for its numbers. */
const NUMBERS = 64;

const MESSAGES = new Set(['offer', 'answer', 'candidate', 'message']);

/**
 * @typedef {'idle' | 'connecting' | 'open' | 'waiting' | 'closed'} SignalingState
 * `waiting`: the socket is lost and the next try is due after a pause
 *
 * @typedef {object} Welcome the server's first frame
 * @property {string} peer
 * @property {string} session
 * @property {string} resume
 * @property {boolean} resumed
 * @property {number} received
 * @property {string} time
 * @property {RTCIceServer[]} iceServers
 * @property {number} ttl seconds for which the ICE servers' credentials hold
 * @property {number} heartbeat seconds
 * @property {{frame: number, rate: number, burst: number}} limits
 *
 * @typedef {object} Listener what the session tells its owner
 * @property {(welcome: Welcome) => void} welcome after every (re)connect; `resumed` says whether it is the same session
 * @property {(frame: any) => void} message an offer, answer, candidate or message, each exactly once and in order
 * @property {(frame: any) => void} control every other frame
 * @property {(state: SignalingState, problem: BradawlError | null, retryMillis: number) => void} state
 *
 * @typedef {object} Settings
 * @property {URL} url of the WebSocket, without query
 * @property {string | (() => string | Promise<string>)} token
 * @property {string} [peer] the id to use where the token is an application key
 * @property {{messages: number, characters: number}} bounds of what may wait unconfirmed
 */

/**
 * One signaling session: a WebSocket that comes back by itself, and messages that cross the gaps exactly once.
 *
 * Every message has a number in its direction. What the other side has not confirmed is kept; after a reconnect each
 * side says how far it got and the rest is sent again, and what arrives twice is dropped by its number.
 */
export class Signaling {
  /** @type {WebSocket | null} */ #socket = null;
  #welcomed = false;
  #resume = '';
  #received = 0;
  #acknowledged = 0;
  #attempt = 0;
  #failures = 0;
  #refusals = 0;
  #openedAt = 0;
  #lastSent = 0;
  #heartbeatMillis = 25_000;
  #limits = { frame: 65_536, rate: 100, burst: 400 };
  /** The number of the message to write next. */
  #next = 1;
  #pace = new Pace(0, 0);
  /** @type {string[]} */ #controls = [];
  #timers = new Timers();
  /** @type {{reason: string, message: string, retryAfter?: number} | null} */ #closing = null;

  /**
   * @param {Settings} settings
   * @param {Listener} listener
   */
  constructor(settings, listener) {
    this.settings = settings;
    this.listener = listener;
    this.outbox = new Outbox(settings.bounds);
    /** @type {SignalingState} */
    this.state = 'idle';
  }

  /** Opens the session, or brings a closed one back as a new one. */
  open() {
    if (this.state === 'idle' || this.state === 'closed') {
      this.#failures = 0;
      this.#refusals = 0;
      void this.#try();
    }
  }

  /**
   * Sends a message to another peer. It is kept until that peer's client has confirmed it.
   *
   * @param {string} type `offer`, `answer`, `candidate` or `message`
   * @param {string} to
   * @param {unknown} data anything that JSON can say
   * @returns {Promise<void>} fulfilled when the other peer's client has it
   */
  send(type, to, data) {
    return new Promise((resolve, reject) => {
      if (this.state === 'closed') throw closed();
      const text = frameText(type, to, data);
      if (text.length + NUMBERS > this.#limits.frame) {
        throw new BradawlError('too-large',
          `The message has ${text.length} characters and the server takes ${this.#limits.frame} in a frame. ` +
          'Send large data over a data channel, which has no such limit.');
      }
      this.outbox.push(to, text, resolve, reject);
      this.#writeDue();
    });
  }

  /**
   * Sends a control frame now, or as soon as there is a socket. The oldest go when too many wait.
   *
   * @param {object} frame
   */
  control(frame) {
    const text = JSON.stringify(frame);
    if (this.#welcomed) {
      this.#put(text);
    } else {
      this.#controls.push(text);
      if (this.#controls.length > CONTROL_KEPT) this.#controls.shift();
    }
  }

  /** Leaves for good: the server forgets the session at once and tells the rooms. */
  close() {
    if (this.#welcomed) this.#put('{"type":"bye"}');
    this.#end(closed(), 1000);
  }

  /** Something points to a loss: find out now instead of at the next heartbeat. */
  probe() {
    if (this.state === 'waiting') {
      void this.#try();
    } else if (this.#welcomed) {
      this.#ping(PROBE_MS);
    }
  }

  async #try() {
    const attempt = ++this.#attempt;
    this.#timers.stop();
    this.#to('connecting');
    this.#timers.after('handshake', HANDSHAKE_MS, () => this.#drop());
    /** @type {string} */
    let token;
    try {
      const source = this.settings.token;
      token = typeof source === 'function' ? await source() : source;
    } catch (problem) {
      if (attempt !== this.#attempt || this.state !== 'connecting') return;
      if (problem instanceof BradawlError && problem.code === 'unauthorized') return this.#end(problem, 0);
      return this.#lost(new BradawlError('unreachable',
        `No token to connect with: ${text(problem)} Trying again by itself.`, problem));
    }
    if (attempt === this.#attempt && this.state === 'connecting') this.#dial(token);
  }

  /** @param {string} token */
  #dial(token) {
    const url = new URL(this.settings.url);
    url.searchParams.set('token', token);
    if (this.settings.peer) url.searchParams.set('peer', this.settings.peer);
    if (this.#resume) {
      url.searchParams.set('resume', this.#resume);
      url.searchParams.set('received', String(this.#received));
    }
    const socket = new WebSocket(url, 'bradawl.v1');
    let opened = false;
    this.#socket = socket;
    this.#closing = null;
    this.#timers.after('handshake', HANDSHAKE_MS, () => this.#drop());
    socket.onopen = () => { opened = true; };
    socket.onmessage = event => { if (this.#socket === socket) this.#take(event.data); };
    socket.onclose = event => { if (this.#socket === socket) void this.#closed(event, opened); };
  }

  /** @param {string} data */
  #take(data) {
    this.#timers.cancel('pong');
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return this.#drop();
    }
    if (MESSAGES.has(frame.type)) return this.#inOrder(frame.seq, () => this.listener.message(frame));
    switch (frame.type) {
      case 'welcome': return this.#welcome(frame);
      case 'delivered': return this.outbox.delivered(frame.to, frame.seq);
      case 'failed': return this.#inOrder(frame.ack, () => this.outbox.failed(frame.seq, new BradawlError(frame.code,
        `The message to ${frame.to} was not delivered: ${frame.message}.`)));
      case 'closing': this.#closing = frame; return;
      case 'pong': return;
      case 'error': return this.#refusedFrame(frame);
      default: return this.listener.control(frame);
    }
  }

  /** @param {{code: string, message: string, seq?: number}} frame the server could not act upon one of ours */
  #refusedFrame(frame) {
    if (frame.code === 'sequence-gap') return this.#drop(); // resume, and send again what it has not had
    if (frame.seq === undefined) return this.listener.control(frame);
    this.outbox.failed(frame.seq, new BradawlError(frame.code, `The server did not take the message: ${frame.message}`));
  }

  /** @param {Welcome} welcome */
  #welcome(welcome) {
    this.#timers.cancel('handshake');
    this.#welcomed = true;
    this.#refusals = 0;
    this.#openedAt = performance.now();
    this.#resume = welcome.resume;
    this.#limits = welcome.limits;
    this.#heartbeatMillis = welcome.heartbeat * 1000;
    this.#acknowledged = this.#received;
    if (!welcome.resumed) {
      this.#received = this.#acknowledged = 0;
      this.outbox.renumber();
    }
    this.#next = welcome.received + 1;
    this.#pace = new Pace(welcome.limits.rate * MESSAGE_SHARE, welcome.limits.burst * MESSAGE_SHARE);
    // Before anybody hears of it and sends more: the numbers must go out in order.
    this.#writeDue();
    this.#controls.splice(0).forEach(text => this.#put(text));
    this.#beat();
    this.#to('open');
    this.listener.welcome(welcome);
  }

  /**
   * Takes a frame of the server's sequence exactly once.
   *
   * @param {number} seq
   * @param {() => void} take
   */
  #inOrder(seq, take) {
    if (seq <= this.#received) return; // sent again after a reconnect although it had arrived
    if (seq !== this.#received + 1) return this.#drop(); // a hole: resume, and the server sends it again
    this.#received = seq;
    if (this.#received - this.#acknowledged >= ACK_EVERY) {
      this.#acknowledge();
    } else if (!this.#timers.has('ack')) {
      this.#timers.after('ack', ACK_MS, () => this.#acknowledge());
    }
    take();
  }

  #acknowledge() {
    this.#timers.cancel('ack');
    if (this.#welcomed && this.#received > this.#acknowledged) {
      this.#acknowledged = this.#received;
      this.#put(`{"type":"ack","seq":${this.#received}}`);
    }
  }

  /** Writes what is due, in order and no faster than the server takes it. */
  #writeDue() {
    if (!this.#welcomed || this.#timers.has('write')) return;
    for (; this.#next <= this.outbox.last; this.#next++) {
      const wait = this.#pace.take();
      if (wait > 0) return this.#timers.after('write', wait, () => this.#writeDue());
      const message = this.outbox.pending.get(this.#next);
      if (!message) continue;
      message.written = true;
      this.#put(`${message.text.slice(0, -1)},"seq":${message.seq}}`);
    }
  }

  /** @param {string} text */
  #put(text) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#lastSent = performance.now();
      this.#socket.send(text);
    }
  }

  #beat() {
    // Half the interval: one ping may be late by as much again before the server counts this peer as away.
    this.#timers.after('beat', this.#heartbeatMillis / 2, () => {
      if (performance.now() - this.#lastSent >= this.#heartbeatMillis / 2 - 50) this.#ping(PONG_MS);
      this.#beat();
    });
  }

  /** @param {number} patience milliseconds */
  #ping(patience) {
    this.#put('{"type":"ping"}');
    this.#timers.after('pong', patience, () => this.#drop());
  }

  /** Gives a socket up that is open in name only; its close handshake would take minutes to fail. */
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.#lost(new BradawlError('unreachable', 'The connection to the server went silent. Trying again by itself.'));
  }

  /**
   * @param {CloseEvent} event
   * @param {boolean} opened whether the WebSocket handshake had succeeded
   */
  async #closed(event, opened) {
    this.#socket = null;
    const welcomed = this.#welcomed;
    this.#welcomed = false;
    const final = finalClose(event.code);
    if (final) return this.#end(final, 0);
    if (event.code === UNAUTHORIZED) return this.#unauthorized();
    if (!opened && !welcomed) {
      const problem = await whyNoHandshake(this.settings.url);
      if (this.state === 'connecting') this.#lost(problem);
      return;
    }
    const said = this.#closing?.message ?? event.reason;
    this.#lost(new BradawlError(this.#closing?.reason ?? 'unreachable',
      `The connection to the server ended${said ? `: ${said}` : ''}. Trying again by itself.`));
  }

  #unauthorized() {
    const renewable = typeof this.settings.token === 'function';
    const problem = unauthorized(renewable);
    if (renewable && ++this.#refusals < REFUSALS) this.#lost(problem); else this.#end(problem, 0);
  }

  /** @param {BradawlError} problem */
  #lost(problem) {
    if (this.state === 'closed') return;
    const steady = this.#openedAt > 0 && performance.now() - this.#openedAt >= STEADY_MS;
    this.#welcomed = false;
    this.#openedAt = 0;
    this.#timers.stop();
    this.#failures = steady ? 1 : this.#failures + 1;
    const exponential = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    // Between half and all of it: when a server comes back, its peers must not all knock in one moment.
    const wait = Math.max(exponential * (0.5 + Math.random() / 2), (this.#closing?.retryAfter ?? 0) * 1000);
    this.#timers.after('retry', wait, () => void this.#try());
    this.#to('waiting', problem, wait);
  }

  /**
   * @param {BradawlError} problem
   * @param {number} code of the WebSocket close, 0 where the server closed it already
   */
  #end(problem, code) {
    if (this.state === 'closed') return;
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    this.#resume = '';
    this.#timers.stop();
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      if (code) socket.close(code); else socket.close();
    }
    this.#controls.length = 0;
    this.outbox.clear(problem);
    this.#to('closed', problem.code === 'closed' ? null : problem);
  }

  /**
   * @param {SignalingState} state
   * @param {BradawlError | null} [problem]
   * @param {number} [retryMillis]
   */
  #to(state, problem = null, retryMillis = 0) {
    this.state = state;
    this.listener.state(state, problem, retryMillis);
  }
}

/**
 * @param {string} type
 * @param {string} to
 * @param {unknown} data
 */
function frameText(type, to, data) {
  const frame = { type, to, data: data === undefined ? null : data };
  try {
    return JSON.stringify(frame);
  } catch (cause) {
    throw new BradawlError('not-sendable', `The message cannot be written as JSON: ${text(cause)}`, cause);
  }
}

const closed = () => new BradawlError('closed', 'This client was closed. Call connect() to come back.');

/** @param {unknown} problem */
const text = problem => problem instanceof Error ? problem.message : String(problem);
