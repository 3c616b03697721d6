// @ts-check
import { BradawlError } from './errors.js';
import { Timers } from './timers.js';

/** An offer that nobody answered is repeated after this: several round trips by signaling, and a phone waking up. */
const ANSWER_MS = 8_000;
/** The first candidate is there within some 10 ms; where there is none at all, waiting longer would not bring it. */
const FIRST_CANDIDATE_MS = 1_000;

/**
 * @typedef {object} Owner what a negotiation needs from its connection
 * @property {(type: 'offer' | 'answer' | 'candidate', data: object) => void} tell the other side
 * @property {() => boolean} online whether signaling is open
 * @property {() => void} offered the other side made an offer and it was taken
 * @property {(problem: BradawlError) => void} problem
 */

/**
 * Offers and answers between two sides that may both begin, at any time (perfect negotiation, W3C WebRTC §10.7).
 *
 * When offers collide, the polite side takes its own back and takes the other's; the impolite side goes on as if it
 * had heard nothing. If each of them began the connection under an id of its own, the polite side takes over the
 * other's id as well, so that one connection comes of it.
 */
export class Negotiation {
  #makingOffer = false;
  #ignoringOffer = false;
  #settingAnswer = false;
  #heard = false;
  #stopped = false;
  #timers = new Timers();
  /** @type {Promise<void>} */ #inbox = Promise.resolve();
  /** Called when the first candidate has been found, or gathering has ended without one. */
  #gathered = () => {};
  /** @type {Promise<void>} */ #firstCandidate = new Promise(resolve => { this.#gathered = resolve; });

  /**
   * @param {RTCPeerConnection} rtc
   * @param {string} id of the connection
   * @param {boolean} polite
   * @param {Owner} owner
   */
  constructor(rtc, id, polite, owner) {
    this.rtc = rtc;
    this.id = id;
    this.polite = polite;
    this.owner = owner;
    rtc.onnegotiationneeded = () => void this.#offer();
    rtc.onicecandidate = ({ candidate }) => {
      this.#gathered();
      owner.tell('candidate', { connection: this.id, candidate });
    };
  }

  /** Whether the other side was ever heard under this connection's id. */
  get heard() {
    return this.#heard;
  }

  /**
   * Takes what the other side said, one after the other.
   *
   * @param {string} type `offer`, `answer` or `candidate`
   * @param {any} data
   */
  receive(type, data) {
    this.#inbox = this.#inbox.then(() => this.#take(type, data)).catch(cause => {
      if (!this.#stopped) this.owner.problem(new BradawlError('negotiation',
        `The other side sent an ${type} that this browser cannot use: ${cause?.message ?? cause}`, cause));
    });
  }

  /** Says an offer again that may have been lost. */
  repeatOffer() {
    if (this.#stopped || this.rtc.signalingState !== 'have-local-offer') return;
    if (this.owner.online()) this.owner.tell('offer', { connection: this.id, sdp: this.rtc.localDescription });
    this.#timers.after('answer', ANSWER_MS, () => this.repeatOffer());
  }

  stop() {
    this.#stopped = true;
    this.#timers.stop();
  }

  async #offer() {
    try {
      this.#makingOffer = true;
      await this.rtc.setLocalDescription();
      this.owner.tell('offer', { connection: this.id, sdp: this.rtc.localDescription });
      this.#timers.after('answer', ANSWER_MS, () => this.repeatOffer());
    } catch (cause) {
      if (!this.#stopped) this.owner.problem(new BradawlError('negotiation', `No offer could be made: ${cause}`, cause));
    } finally {
      this.#makingOffer = false;
    }
  }

  /** @param {string} type @param {any} data */
  async #take(type, data) {
    if (this.#stopped || (type !== 'offer' && data.connection !== this.id)) return;
    switch (type) {
      case 'offer': return this.#takeOffer(data);
      case 'answer': return this.#takeAnswer(data.sdp);
      case 'candidate': return this.#takeCandidate(data.candidate);
    }
  }

  /** @param {{connection: string, sdp: RTCSessionDescriptionInit}} data */
  async #takeOffer(data) {
    const ready = !this.#makingOffer && (this.rtc.signalingState === 'stable' || this.#settingAnswer);
    this.#ignoringOffer = !this.polite && !ready;
    if (this.#ignoringOffer) return;
    if (!ready) await this.#offerMayBeTakenBack();
    if (this.#stopped) return;
    this.id = data.connection;
    this.#heard = true;
    this.#timers.cancel('answer');
    await this.rtc.setRemoteDescription(data.sdp);
    await this.rtc.setLocalDescription();
    this.owner.tell('answer', { connection: this.id, sdp: this.rtc.localDescription });
    this.owner.offered();
  }

  /**
   * Chromium (seen with 156) never finds a candidate again when an offer is taken back for which gathering has begun and
   * found nothing yet.
   */
  async #offerMayBeTakenBack() {
    this.#timers.after('gather', FIRST_CANDIDATE_MS, this.#gathered);
    await this.#firstCandidate;
    this.#timers.cancel('gather');
  }

  /** @param {RTCSessionDescriptionInit} sdp */
  async #takeAnswer(sdp) {
    if (this.rtc.signalingState !== 'have-local-offer') return; // the answer to an offer that was repeated
    this.#heard = true;
    this.#timers.cancel('answer');
    this.#settingAnswer = true;
    try {
      await this.rtc.setRemoteDescription(sdp);
    } finally {
      this.#settingAnswer = false;
    }
  }

  /** @param {RTCIceCandidateInit | null} candidate */
  async #takeCandidate(candidate) {
    try {
      await this.rtc.addIceCandidate(candidate ?? undefined);
    } catch (problem) {
      // A candidate of an offer that was passed over, or of the round before a restart.
      if (!this.#ignoringOffer && this.rtc.connectionState !== 'connected') throw problem;
    }
  }
}
