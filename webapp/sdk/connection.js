// @ts-check
import { BradawlError } from './errors.js';
import { Negotiation } from './negotiation.js';
import { whyNoPath } from './no-path.js';
import { readPath, samePath } from './path.js';
import { traversal } from './report.js';
import { reachedBy, relayUrls } from './routing.js';
import { Timers } from './timers.js';

/** A blip of the network usually heals within this time, and a restart would only add to the traffic. */
const BLIP_MS = 3_000;
/** The polite side leaves the first move to the other, so that two restarts do not collide each time. */
const POLITE_DELAY_MS = 2_000;
/** Connecting (or a restart) that takes longer has failed; browsers themselves give up on ICE after 15 to 30 s. */
const ATTEMPT_MS = 20_000;
/** Tries to connect, or to come back after a loss, before the connection counts as failed. */
const ATTEMPTS = 3;
/** ICE often begins on the first pair that works and moves to a better one at once; what is reported is where it settled. */
const SETTLE_MS = 2_000;
/** How often the path's figures are read. */
const SAMPLE_MS = 1_000;
/** The first time a little later than at once: until signaling has brought it, the other side's own address counts as reflexive. */
const FIRST_SAMPLE_MS = 250;

/**
 * @typedef {'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed'} ConnectionState
 * `interrupted`: was connected, the path broke, and a new one is being looked for
 *
 * @typedef {import('./routing.js').Routing} Routing
 *
 * @typedef {object} Link what a connection needs from the client it belongs to
 * @property {string} self this peer's id
 * @property {(type: 'offer' | 'answer' | 'candidate', data: object) => Promise<void>} send
 * @property {() => boolean} online whether signaling is open
 * @property {() => RTCIceServer[]} iceServers
 * @property {(traversal: object) => void} report tells the server how it went
 * @property {(connection: Connection) => void} ended
 */

/**
 * A connection to one other peer, over which data channels (and, through {@link Connection.rtc}, media) run.
 *
 * Both sides may call `connect` at the same moment, change things at any time, lose the network, come back under
 * another address: offers that collide are sorted out by perfect negotiation, and a path that broke is replaced by an
 * ICE restart while the channels stay as they are.
 *
 * Events: `state` (detail: {@link ConnectionState}), `channel` (detail: a `RTCDataChannel` that the other side opened),
 * `path` (detail: the new {@link import('./path.js').Path}), `stats` (the same each second, with fresh figures),
 * `problem` (detail: a {@link BradawlError}), `note` (detail: a sentence for a log).
 */
export class Connection extends EventTarget {
  /** @type {ConnectionState} */ #state = 'connecting';
  /** The id under which this side began, if it did. */
  #began = '';
  #startedAt = performance.now();
  #connectedAt = 0;
  #attempts = 0;
  #restartDue = false;
  #reported = false;
  /** @type {import('./path.js').Path | null} */ #path = null;
  #timers = new Timers();
  /** @type {{url: string, code: number, text: string}[]} */ #candidateErrors = [];
  /** @type {Routing} @readonly */ #routing;
  /** @type {Link} */ #link;
  /** @type {Negotiation} */ #negotiation;

  /**
   * @param {Link} link
   * @param {string} peer
   * @param {{id?: string, routing?: Routing, rtc?: RTCConfiguration}} [options] `id` where the other side began
   */
  constructor(link, peer, options = {}) {
    super();
    this.#link = link;
    this.#routing = options.routing ?? {};
    /** @readonly */
    this.peer = peer;
    /** The browser's own object, for whatever is not wrapped here. @readonly */
    this.rtc = new RTCPeerConnection({ ...options.rtc, ...this.#configuration() });
    this.#began = options.id === undefined ? randomId() : '';
    // Both sides must agree on who gives way when offers collide, without asking: the ids are all they share.
    this.#negotiation = new Negotiation(this.rtc, options.id ?? this.#began, link.self < peer, {
      tell: (type, data) => this.#tell(type, data),
      online: link.online,
      offered: () => { if (this.rtc.connectionState !== 'connected') this.#expect(); },
      problem: problem => this.#problem(problem),
    });
    /** Fulfilled when the connection first stands; rejected with a {@link BradawlError} when it fails or is closed before. */
    this.opened = new Promise((resolve, reject) => {
      this.addEventListener('state', () => {
        if (this.#state === 'connected') resolve(this);
        if (this.#state === 'failed' || this.#state === 'closed') reject(this.problem);
      });
    });
    this.opened.catch(() => {}); // whoever does not look at it hears of the failure by the event
    /** Why it failed or ended. @type {BradawlError | null} */
    this.problem = null;
    this.#listen();
    // A channel of our own, on both sides alike: it makes the first offer worth sending, and its end says that the
    // other side closed, even when signaling is away.
    const control = this.rtc.createDataChannel('bradawl', { negotiated: true, id: 0 });
    control.onclose = () => this.#ended(new BradawlError('closed', `${peer} closed the connection.`));
    this.#expect();
  }

  /** The same at both ends. */
  get id() {
    return this.#negotiation.id;
  }

  /** Whether this side began: where both did, the one whose id it kept. */
  get initiator() {
    return this.id === this.#began;
  }

  get state() {
    return this.#state;
  }

  /** The path as last read, null before there is one. */
  get lastPath() {
    return this.#path;
  }

  /**
   * Opens a data channel; the other side hears of it by its `channel` event.
   *
   * @param {string} label
   * @param {RTCDataChannelInit} [options] reliable and in order unless they say otherwise
   * @returns {RTCDataChannel} not open yet: wait for its `open` event
   */
  channel(label, options) {
    const channel = this.rtc.createDataChannel(label, options);
    channel.binaryType = 'arraybuffer';
    return channel;
  }

  /**
   * Reads the path in use.
   *
   * @returns {Promise<import('./path.js').Path | null>} null while there is none
   */
  async path() {
    return readPath(await this.rtc.getStats());
  }

  /**
   * Looks for a new path. What flows now goes on until the new one stands.
   */
  restart() {
    if (this.#over()) return;
    if (!this.#link.online()) {
      this.#restartDue = true;
      return;
    }
    this.#restartDue = false;
    if (!this.#negotiation.heard) return this.#negotiation.repeatOffer();
    this.rtc.restartIce();
    this.#expect();
  }

  /**
   * Ends the connection and tells the other side.
   *
   * @param {string} [reason] shown to the other side
   */
  close(reason = '') {
    if (this.#state === 'closed') return;
    this.#tell('answer', { connection: this.id, closed: reason });
    this.#finish('closed', new BradawlError('closed', 'This side closed the connection.'));
  }

  /**
   * Takes an offer, answer or candidate from the other side. Called by the client, in order.
   *
   * @param {string} type
   * @param {any} data
   */
  receive(type, data) {
    if (data.closed === undefined) return this.#negotiation.receive(type, data);
    if (data.connection !== this.id) return;
    // It gave up; what this side saw explains more than that.
    if (data.failed && this.#state !== 'connected') return void this.#giveUp();
    const reason = data.closed ? `: ${data.closed}` : '';
    this.#ended(data.declined
      ? new BradawlError('declined', `${this.peer} declined the connection${reason}.`)
      : new BradawlError('closed', `${this.peer} closed the connection${reason}.`));
  }

  /**
   * Whether an offer under another id is this connection's as well: both sides began at once and neither has heard of
   * the other's yet.
   */
  get unanswered() {
    return !this.#negotiation.heard;
  }

  /**
   * Signaling is open again.
   *
   * @param {boolean} resumed whether nothing was lost meanwhile
   */
  signalingOpen(resumed) {
    if (this.#over()) return;
    if (!resumed) this.#negotiation.repeatOffer();
    if (this.#restartDue || this.#state === 'interrupted' || (!resumed && this.#state !== 'connected')) this.restart();
  }

  /** The machine moved to another network: the path may be dead although nobody has noticed yet. */
  networkChanged() {
    if (this.#negotiation.heard) this.restart();
  }

  /** The other side began anew, under another id: its page was opened again. */
  replaced() {
    this.#ended(new BradawlError('closed', `${this.peer} opened a new connection in place of this one.`));
  }

  /** Fresh ICE servers are there. A path through a relay moves to an allocation under the new credentials. */
  iceServersChanged() {
    if (this.#over()) return;
    this.rtc.setConfiguration({ ...this.rtc.getConfiguration(), ...this.#configuration() });
    if (this.#path?.local.type === 'relay') this.restart();
  }

  /** The server says that the other peer is gone. @param {BradawlError} problem */
  peerGone(problem) {
    if (this.#state !== 'connected') this.#finish('failed', problem);
  }

  #listen() {
    const rtc = this.rtc;
    rtc.onicecandidateerror = event => this.#candidateError(event);
    rtc.ondatachannel = ({ channel }) => {
      channel.binaryType = 'arraybuffer';
      this.#emit('channel', channel);
    };
    rtc.onconnectionstatechange = () => this.#connectionState();
  }

  #connectionState() {
    switch (this.rtc.connectionState) {
      case 'connected': return this.#connected();
      case 'disconnected':
        if (this.#state === 'connected') this.#to('interrupted');
        this.#note('The path went silent');
        return this.#timers.after('restart', BLIP_MS + (this.#negotiation.polite ? POLITE_DELAY_MS : 0), () => this.restart());
      case 'failed':
        if (this.#state === 'connected') this.#to('interrupted');
        return this.#tryAgain();
    }
  }

  #connected() {
    this.#timers.cancel('restart');
    this.#timers.cancel('attempt');
    this.#attempts = 0;
    this.#restartDue = false;
    this.#connectedAt ||= performance.now();
    this.#to('connected');
    if (!this.#timers.has('sample')) this.#timers.after('sample', FIRST_SAMPLE_MS, () => void this.#sample());
    if (!this.#reported && !this.#timers.has('settle')) this.#timers.after('settle', SETTLE_MS, () => void this.#report('connected'));
  }

  /** Gives the attempt under way its time. */
  #expect() {
    this.#timers.after('attempt', ATTEMPT_MS, () => this.#tryAgain());
  }

  #tryAgain() {
    if (this.#over() || this.rtc.connectionState === 'connected') return;
    if (!this.#link.online()) { // without signaling there is nothing to try; it counts from when it is back
      this.#restartDue = true;
      return this.#timers.cancel('attempt');
    }
    if (++this.#attempts >= ATTEMPTS) return void this.#giveUp();
    this.#note(`No path yet; attempt ${this.#attempts + 1} of ${ATTEMPTS}`);
    if (this.#negotiation.heard) this.restart(); else this.#expect();
  }

  async #giveUp() {
    if (this.#over()) return;
    this.#tell('answer', { connection: this.id, closed: 'it found no path', failed: true });
    const stats = await this.rtc.getStats();
    this.#finish('failed', whyNoPath({
      peer: this.peer,
      heard: this.#negotiation.heard,
      relayOnly: Boolean(this.#routing.relayOnly),
      relays: relayUrls(this.rtc.getConfiguration().iceServers ?? []),
      errors: this.#candidateErrors,
      stats,
    }));
  }

  /** @param {RTCPeerConnectionIceErrorEvent} event */
  #candidateError(event) {
    // One per interface and server: once is enough to be told.
    if (this.#candidateErrors.some(each => each.url === event.url && each.code === event.errorCode)) return;
    this.#candidateErrors.push({ url: event.url, code: event.errorCode, text: event.errorText });
    this.#note(`${event.url}: ${event.errorText || 'no answer'} (${event.errorCode})`);
  }

  async #sample() {
    if (this.#over()) return;
    const path = await this.path().catch(() => null);
    if (path && !this.#over()) {
      const changed = !samePath(this.#path, path);
      this.#path = path;
      if (changed) this.#emit('path', path);
      this.#emit('stats', path);
    }
    this.#timers.after('sample', SAMPLE_MS, () => void this.#sample());
  }

  /** The other side ended it. @param {BradawlError} problem */
  #ended(problem) {
    if (!this.#over()) this.#finish('closed', problem);
  }

  /** @param {'failed' | 'closed'} state @param {BradawlError} problem */
  #finish(state, problem) {
    if (this.#over()) return;
    this.problem = problem;
    if (!this.#reported && (this.#path || state === 'failed')) void this.#report(state);
    this.#timers.stop();
    this.#negotiation.stop();
    this.rtc.close();
    this.#to(state);
    if (state === 'failed') this.#problem(problem);
    this.#link.ended(this);
  }

  /** Tells the server, once, how this connection came about: the side that began does. @param {string} outcome */
  async #report(outcome) {
    this.#reported = true;
    if (!this.initiator) return;
    this.#link.report(traversal(this.peer, outcome === 'failed' ? null : this.#path,
      (this.#connectedAt || performance.now()) - this.#startedAt, this.problem?.message));
  }

  /** @returns {RTCConfiguration} */
  #configuration() {
    const { relayOnly, relayTransport } = this.#routing;
    return {
      iceServers: reachedBy(this.#link.iceServers(), relayTransport ?? 'any'),
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    };
  }

  /** @param {'offer' | 'answer' | 'candidate'} type @param {object} data */
  #tell(type, data) {
    this.#link.send(type, data).catch(problem => {
      if (this.#over()) return;
      if (problem.code === 'peer-unavailable') this.peerGone(problem);
      // What a lost session took with it is repaired by a repeated offer or a restart; the rest is worth telling.
      else if (problem.code !== 'session-lost' && problem.code !== 'closed') this.#problem(problem);
    });
  }

  #over() {
    return this.#state === 'failed' || this.#state === 'closed';
  }

  /** @param {ConnectionState} state */
  #to(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#emit('state', state);
  }

  /** @param {string} sentence */
  #note(sentence) {
    this.#emit('note', sentence);
  }

  /** @param {BradawlError} problem */
  #problem(problem) {
    this.#emit('problem', problem);
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

}

/** 96 random bits; `crypto.randomUUID` is missing on pages served without TLS. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
