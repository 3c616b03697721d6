// @ts-check

/** Rooms made so far, to tell the server's answers apart. */
let made = 0;

/**
 * A room: who else is in it, and who comes and goes.
 *
 * Events: `joined` (detail: the ids of the others, after joining and after each reconnect that lost the session),
 * `peer-joined` and `peer-left` (detail: a peer id), `problem` (detail: a {@link import('./errors.js').BradawlError}).
 */
export class Room extends EventTarget {
  /** @type {(room: Room) => void} */ #resolve = () => {};
  /** @type {(problem: Error) => void} */ #reject = () => {};

  /**
   * @param {string} name
   * @param {(room: Room) => void} leave
   */
  constructor(name, leave) {
    super();
    /** @readonly */
    this.name = name;
    /** The label of its frames. @readonly */
    this.id = `room-${++made}`;
    /** The others. @type {Set<string>} @readonly */
    this.peers = new Set();
    /** Whether the server has let this peer in. */
    this.joined = false;
    /** Fulfilled when the server has let this peer in. @type {Promise<Room>} @readonly */
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ready.catch(() => {}); // whoever does not look at it hears of the refusal by the event
    this.leave = () => leave(this);
  }

  /**
   * The server's list of the others. What changed while this peer was away is told as if it happened now.
   *
   * @param {string[]} peers
   */
  take(peers) {
    const now = new Set(peers);
    [...this.peers].filter(peer => !now.has(peer)).forEach(peer => this.went(peer));
    const came = peers.filter(peer => !this.peers.has(peer));
    peers.forEach(peer => this.peers.add(peer));
    this.joined = true;
    this.#resolve(this);
    this.#emit('joined', peers);
    came.forEach(peer => this.#emit('peer-joined', peer));
  }

  /** @param {string} peer */
  came(peer) {
    if (this.peers.has(peer)) return;
    this.peers.add(peer);
    this.#emit('peer-joined', peer);
  }

  /** @param {string} peer */
  went(peer) {
    if (this.peers.delete(peer)) this.#emit('peer-left', peer);
  }

  /** @param {Error} problem */
  refused(problem) {
    this.#reject(problem);
    this.#emit('problem', problem);
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
