// @ts-check
import { Connection } from './connection.js';
import { BradawlError } from './errors.js';
import { Room } from './room.js';
import { Signaling } from './signaling.js';

export { BradawlError } from './errors.js';
export { Connection } from './connection.js';
export { Room } from './room.js';
export { describePath, readPath } from './path.js';

/** Credentials are renewed when this much of their time is gone: the rest is for a server that is away meanwhile. */
const RENEW_AT = 0.75;
/** The longest delay that a browser's timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Connections ended here whose late offers are turned away instead of taken for new ones. */
const ENDED_KEPT = 64;

/**
 * @typedef {object} BradawlOptions
 * @property {string | URL} [server] the server's http(s) URL; the page's own by default
 * @property {string | (() => string | Promise<string>)} token a peer token, or a function that fetches a fresh one: it
 *   is called at every connect, so that an expired one is no problem
 * @property {string} [peer] this peer's id, where the token is an application key (never in a public page)
 * @property {boolean} [relayOnly] use only paths through a TURN relay
 * @property {'any' | 'udp' | 'tcp'} [relayTransport] how to reach the TURN relay
 * @property {RTCConfiguration} [rtc] anything else for `RTCPeerConnection`
 * @property {(peer: string) => boolean} [accept] whether to take connections that a peer begins; all by default
 * @property {{messages?: number, characters?: number}} [queue] how much may wait unconfirmed; 1,000 messages and
 *   4 million characters by default
 */

/**
 * A peer of a Bradawl server: signaling, rooms, and connections to other peers.
 *
 * ```js
 * const bradawl = new Bradawl({ token: fetchToken });
 * bradawl.addEventListener('connection', ({ detail: connection }) => welcome(connection));
 * await bradawl.connect();
 * const connection = bradawl.connectTo('bob');
 * const chat = connection.channel('chat');
 * ```
 *
 * Events, each a `CustomEvent` with its value in `detail`:
 *
 * | event | detail |
 * |---|---|
 * | `state` | `{state, problem, retryMillis}`: `connecting`, `open`, `waiting` (to try again) or `closed` |
 * | `welcome` | the server's welcome frame, after each (re)connect |
 * | `message` | `{from, data}`: what another peer sent with {@link Bradawl.send} |
 * | `connection` | a {@link Connection} that another peer began |
 * | `presence` | `{peer, online, away}` of a watched peer; `away` while it is between two connections |
 * | `problem` | a {@link BradawlError} that the server sent and that belongs to nothing else |
 */
export class Bradawl extends EventTarget {
  /** @type {Signaling} */ #signaling;
  /** @type {Map<string, Connection>} by peer */ #connections = new Map();
  /** @type {Map<string, Room>} by name */ #rooms = new Map();
  /** @type {Set<string>} */ #watched = new Set();
  /** @type {string[]} ids of connections */ #endedIds = [];
  /** @type {import('./signaling.js').Welcome | null} */ #welcome = null;
  /** @type {RTCIceServer[]} */ #iceServers = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #renewal;
  /** @type {{resolve: (welcome: import('./signaling.js').Welcome) => void, reject: (problem: Error) => void}[]} */
  #waiting = [];
  /** @type {AbortController | null} */ #environment = null;

  /** @param {BradawlOptions} options */
  constructor(options) {
    super();
    this.options = options;
    const url = new URL('/signal/v1', options.server ?? location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#signaling = new Signaling({
      url,
      token: options.token,
      peer: options.peer,
      bounds: { messages: options.queue?.messages ?? 1_000, characters: options.queue?.characters ?? 4_000_000 },
    }, {
      welcome: welcome => this.#welcomed(welcome),
      message: frame => this.#message(frame),
      control: frame => this.#control(frame),
      state: (state, problem, retryMillis) => this.#stateChanged(state, problem, retryMillis),
    });
  }

  /** This peer's id, once the server has said it. @returns {string | null} */
  get peer() {
    return this.#welcome?.peer ?? null;
  }

  get state() {
    return this.#signaling.state;
  }

  /** Messages that the other side has not confirmed yet. */
  get unconfirmed() {
    return this.#signaling.outbox.size;
  }

  /** @returns {Connection[]} */
  get connections() {
    return [...this.#connections.values()];
  }

  /**
   * Connects to the server, and from then on comes back by itself after every loss.
   *
   * @returns {Promise<import('./signaling.js').Welcome>} rejected with a {@link BradawlError} when trying on makes no
   *   sense; while the server merely does not answer it goes on trying and says so by `state` events
   */
  connect() {
    if (this.state === 'open' && this.#welcome) return Promise.resolve(this.#welcome);
    this.#watchEnvironment();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#signaling.open();
    });
  }

  /** Closes every connection and leaves the server. {@link Bradawl.connect} comes back. */
  close() {
    this.connections.forEach(connection => connection.close());
    this.#signaling.close();
  }

  /**
   * Sends a message to another peer through the server: for arrangements, not for bulk.
   *
   * @param {string} peer
   * @param {unknown} data anything that JSON can say
   * @returns {Promise<void>} fulfilled when the peer has it, exactly once; rejected with a {@link BradawlError} that
   *   says why not
   */
  send(peer, data) {
    return this.#signaling.send('message', peer, data);
  }

  /**
   * Joins a room and stays in it across reconnects until {@link Room.leave}.
   *
   * @param {string} name 1 to 64 of `A-Z a-z 0-9 . _ ~ @ : -`
   * @returns {Room} its `ready` promise says when the server has let this peer in
   */
  join(name) {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = new Room(name, () => {
      if (this.#rooms.delete(name)) this.#signaling.control({ type: 'leave', room: name });
    });
    this.#rooms.set(name, room);
    if (this.state === 'open') this.#enter(room);
    return room;
  }

  /** @param {Room} room */
  #enter(room) {
    this.#signaling.control({ type: 'join', room: room.name, id: room.id });
  }

  /** Asks for `presence` events of a peer. @param {string} peer */
  watch(peer) {
    this.#watched.add(peer);
    if (this.state === 'open') this.#signaling.control({ type: 'watch', peer });
  }

  /** @param {string} peer */
  unwatch(peer) {
    if (this.#watched.delete(peer)) this.#signaling.control({ type: 'unwatch', peer });
  }

  /**
   * Begins a connection to another peer, or returns the one there is.
   *
   * @param {string} peer
   * @param {import('./connection.js').Routing} [routing] instead of the client's own
   * @returns {Connection}
   * @throws {BradawlError} `not-connected` before {@link Bradawl.connect} has succeeded once
   */
  connectTo(peer, routing) {
    const known = this.#connections.get(peer);
    if (known) return known;
    if (!this.#welcome) {
      throw new BradawlError('not-connected', 'Await connect() first: the ICE servers come from the server.');
    }
    return this.#add(peer, { routing: routing ?? this.#routing() });
  }

  /**
   * Changes which paths may be used by the connections to come. Those there are stay as they are: a browser keeps a
   * path that works through any ICE restart, so close a connection and begin it anew to move it.
   *
   * @param {import('./connection.js').Routing} routing
   */
  route(routing) {
    Object.assign(this.options, { relayOnly: false, relayTransport: 'any' }, routing);
  }

  #routing() {
    return { relayOnly: this.options.relayOnly, relayTransport: this.options.relayTransport };
  }

  /**
   * @param {string} peer
   * @param {{id?: string, routing: import('./connection.js').Routing}} options
   */
  #add(peer, options) {
    const connection = new Connection({
      self: this.peer ?? '',
      send: (type, data) => this.#signaling.send(type, peer, data),
      online: () => this.state === 'open',
      iceServers: () => this.#iceServers,
      report: traversal => this.#signaling.control({ type: 'report', traversal }),
      ended: ended => this.#remove(ended),
    }, peer, { ...options, rtc: this.options.rtc });
    this.#connections.set(peer, connection);
    return connection;
  }

  /** @param {Connection} connection */
  #remove(connection) {
    if (this.#connections.get(connection.peer) === connection) this.#connections.delete(connection.peer);
    this.#endedIds.push(connection.id);
    if (this.#endedIds.length > ENDED_KEPT) this.#endedIds.shift();
  }

  /** @param {import('./signaling.js').Welcome} welcome */
  #welcomed(welcome) {
    this.#welcome = welcome;
    // A resumed session keeps what it has: moving relayed paths at every blip would cost more than it gives.
    if (!welcome.resumed) this.#takeIceServers(welcome);
    // A resumed session still has its rooms and watches, unless the loss took the question itself.
    for (const room of this.#rooms.values()) if (!welcome.resumed || !room.joined) this.#enter(room);
    if (!welcome.resumed) this.#watched.forEach(peer => this.#signaling.control({ type: 'watch', peer }));
    this.#waiting.splice(0).forEach(each => each.resolve(welcome));
    this.#emit('welcome', welcome);
    this.connections.forEach(connection => connection.signalingOpen(welcome.resumed));
  }

  /** @param {any} frame */
  #message(frame) {
    if (frame.type === 'message') return this.#emit('message', { from: frame.from, data: frame.data });
    if (typeof frame.data?.connection !== 'string') return;
    const known = this.#connections.get(frame.from);
    if (known && (frame.type !== 'offer' || known.id === frame.data.connection || known.unanswered)) {
      known.receive(frame.type, frame.data);
    } else if (frame.type === 'offer') {
      this.#offered(frame.from, frame.data, known);
    }
  }

  /**
   * Another peer begins a connection.
   *
   * @param {string} from
   * @param {{connection: string}} data
   * @param {Connection | undefined} before what stood between the two until now
   */
  #offered(from, data, before) {
    const late = this.#endedIds.includes(data.connection);
    if (late || this.options.accept?.(from) === false) {
      this.#signaling.send('answer', from, { connection: data.connection, closed: late ? 'it had ended there' : '', declined: !late || undefined }).catch(() => {});
      return;
    }
    before?.replaced();
    const connection = this.#add(from, { id: data.connection, routing: this.#routing() });
    this.#emit('connection', connection);
    connection.receive('offer', data);
  }

  /** @param {any} frame */
  #control(frame) {
    const room = this.#rooms.get(frame.room);
    switch (frame.type) {
      case 'joined': return room?.take(frame.peers);
      case 'peer-joined': return room?.came(frame.peer);
      case 'peer-left': return room?.went(frame.peer);
      case 'presence': return this.#emit('presence', frame);
      case 'ice-servers': return this.#takeIceServers(frame);
      case 'error': return this.#refused(frame);
    }
  }

  /** @param {{code: string, message: string, id?: string}} frame */
  #refused(frame) {
    const problem = new BradawlError(frame.code, frame.message);
    const room = [...this.#rooms.values()].find(each => each.id === frame.id);
    if (!room) return this.#emit('problem', problem);
    this.#rooms.delete(room.name);
    room.refused(problem);
  }

  /** @param {{iceServers: RTCIceServer[], ttl: number}} frame */
  #takeIceServers(frame) {
    this.#iceServers = frame.iceServers;
    clearTimeout(this.#renewal);
    const delay = Math.min(frame.ttl * 1000 * RENEW_AT, LONGEST_TIMER_MS);
    this.#renewal = setTimeout(() => this.#signaling.control({ type: 'refresh' }), delay);
    this.connections.forEach(connection => connection.iceServersChanged());
  }

  /**
   * @param {import('./signaling.js').SignalingState} state
   * @param {BradawlError | null} problem
   * @param {number} retryMillis
   */
  #stateChanged(state, problem, retryMillis) {
    if (state === 'closed') {
      clearTimeout(this.#renewal);
      this.#environment?.abort();
      this.#environment = null;
      this.#rooms.clear();
      const why = problem ?? new BradawlError('closed', 'This client was closed before it was connected.');
      this.#waiting.splice(0).forEach(each => each.reject(why));
    }
    this.#emit('state', { state, problem, retryMillis });
  }

  /** Listens to what the browser knows of the network and of the page's life. */
  #watchEnvironment() {
    if (this.#environment) return;
    const environment = new AbortController();
    const { signal } = environment;
    this.#environment = environment;
    const changed = () => {
      this.#signaling.probe();
      this.connections.forEach(connection => connection.networkChanged());
    };
    addEventListener('online', changed, { signal });
    addEventListener('offline', () => this.#signaling.probe(), { signal });
    /** @type {EventTarget | undefined} */ (/** @type {any} */ (navigator).connection)
      ?.addEventListener('change', changed, { signal });
    document.addEventListener('visibilitychange', () => {
      // Timers of a hidden page run late or not at all, so the socket may have died unnoticed.
      if (document.visibilityState === 'visible') this.#signaling.probe();
    }, { signal });
    addEventListener('pagehide', () => this.#leavePage(), { signal });
  }

  /** A browser may end a page with little of this sent, so the goodbye goes first: it ends the wait in every room. */
  #leavePage() {
    this.#signaling.close();
    this.connections.forEach(connection => connection.close());
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
