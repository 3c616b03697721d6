// @ts-check
import { Sha256 } from './sha256.js';

/*
 * One file over one data channel of its own, labelled `file`:
 *
 *   sender                                   receiver
 *   {"name","size","type"}            ---->
 *                                     <----  {"accept":true}   (or the channel is closed)
 *   the bytes, in binary messages     ---->
 *   {"sha256"}                        ---->
 *                                     <----  {"sha256"}        what it counted itself; then the sender closes
 */

export const LABEL = 'file';

/** One message. Every browser takes 64 KiB; larger ones would hold up what else is in the connection. */
const CHUNK = 64 * 1024;
/** Read from disk and hashed at once: some milliseconds of work, so that the page stays alive. */
const SLICE = 1024 * 1024;
/** Enough in the channel to keep a fast path busy … */
const HIGH_WATER = 1024 * 1024;
/** … and refilled when it is down to this. */
const LOW_WATER = 256 * 1024;
/** Files up to this size are taken unasked; a received file stays in the browser's memory until it is saved. */
const UNASKED = 256 * 1024 * 1024;

/**
 * @typedef {'asking' | 'moving' | 'checking' | 'done' | 'failed'} TransferState
 */

/**
 * A file under way. Events: `change` after every step. What can be seen is in the fields.
 */
class Transfer extends EventTarget {
  name = '';
  size = 0;
  /** Bytes that are through: handed to the network, or received. */
  moved = 0;
  /** @type {TransferState} */
  state = 'asking';
  /** Said when it failed. */
  problem = '';
  /** What this side counted. */
  sha256 = '';
  startedAt = 0;
  endedAt = 0;

  /** @param {RTCDataChannel} channel */
  constructor(channel) {
    super();
    this.channel = channel;
    channel.addEventListener('close', () => this.fail(
      this.state === 'asking' ? 'The other side did not take it.' : 'The connection ended before the file was through. Send it again.'));
  }

  get over() {
    return this.state === 'done' || this.state === 'failed';
  }

  /** Bytes a second since it began. */
  get rate() {
    const seconds = ((this.endedAt || performance.now()) - this.startedAt) / 1000;
    return this.startedAt && seconds > 0 ? this.moved / seconds : 0;
  }

  cancel() {
    this.fail('Cancelled here.');
  }

  /** @param {string} problem */
  fail(problem) {
    if (this.over) return;
    this.problem = problem;
    this.to('failed');
    this.channel.close();
  }

  /** @param {TransferState} state */
  to(state) {
    if (this.over) return;
    this.state = state;
    if (state === 'moving') this.startedAt = performance.now();
    if (this.over) this.endedAt = performance.now();
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }
}

export class Sending extends Transfer {
  outgoing = /** @type {const} */ (true);

  /**
   * @param {RTCDataChannel} channel not open yet
   * @param {File} file
   */
  constructor(channel, file) {
    super(channel);
    this.file = file;
    this.name = file.name;
    this.size = file.size;
    channel.bufferedAmountLowThreshold = LOW_WATER;
    channel.addEventListener('open', () => {
      channel.send(JSON.stringify({ name: file.name, size: file.size, type: file.type }));
    });
    channel.addEventListener('message', ({ data }) => this.#take(JSON.parse(data)));
  }

  /** @param {{accept?: boolean, sha256?: string}} answer */
  #take(answer) {
    if (answer.accept && this.state === 'asking') {
      this.#send().catch(problem => this.fail(`The file could not be read or sent: ${problem.message}`));
    } else if (answer.sha256) {
      if (answer.sha256 === this.sha256) this.to('done');
      else this.fail('What arrived is not what was sent: the SHA-256 sums differ. Send it again.');
      this.channel.close();
    }
  }

  async #send() {
    this.to('moving');
    const hash = new Sha256();
    for (let at = 0; at < this.size; at += SLICE) {
      const slice = new Uint8Array(await this.file.slice(at, at + SLICE).arrayBuffer());
      hash.update(slice);
      for (let from = 0; from < slice.length; from += CHUNK) {
        await this.#room();
        if (this.over) return;
        this.channel.send(slice.subarray(from, from + CHUNK));
        this.moved = at + Math.min(from + CHUNK, slice.length) - this.channel.bufferedAmount;
        this.changed();
      }
    }
    this.sha256 = hash.hex();
    this.channel.send(JSON.stringify({ sha256: this.sha256 }));
    await this.#drained();
    if (this.over) return;
    this.moved = this.size;
    this.to('checking');
  }

  /** Waits until the channel wants more. */
  async #room() {
    if (this.channel.bufferedAmount > HIGH_WATER) await this.#low();
  }

  async #drained() {
    this.channel.bufferedAmountLowThreshold = 0;
    while (!this.over && this.channel.bufferedAmount > 0) {
      this.moved = this.size - this.channel.bufferedAmount;
      this.changed();
      await this.#low();
    }
  }

  #low() {
    return new Promise(resolve => {
      this.channel.addEventListener('bufferedamountlow', resolve, { once: true });
      this.channel.addEventListener('close', resolve, { once: true });
    });
  }
}

export class Receiving extends Transfer {
  outgoing = /** @type {const} */ (false);
  #hash = new Sha256();
  #type = '';
  /** @type {Blob[]} */ #parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */ #fresh = [];
  #freshBytes = 0;
  /** The file, when it is whole. @type {Blob | null} */
  blob = null;

  /** @param {RTCDataChannel} channel */
  constructor(channel) {
    super(channel);
    channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#told(JSON.parse(data)); else this.#take(new Uint8Array(data));
    });
  }

  /** Whether a person has to say yes first. */
  get large() {
    return this.size > UNASKED;
  }

  accept() {
    if (this.state !== 'asking') return;
    this.to('moving');
    this.channel.send('{"accept":true}');
  }

  /** @param {{name?: string, size?: number, type?: string, sha256?: string}} word */
  #told(word) {
    if (this.over) return;
    if (typeof word.size === 'number' && this.state === 'asking' && !this.name) {
      this.name = String(word.name || 'file').slice(0, 255);
      this.size = word.size;
      this.#type = String(word.type ?? '');
      if (this.large) this.changed(); else this.accept();
    } else if (word.sha256) {
      this.#finish(word.sha256);
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  #take(bytes) {
    if (this.state !== 'moving') return;
    this.moved += bytes.length;
    if (this.moved > this.size) return this.fail('The other side sent more than it said. What came was dropped.');
    this.#hash.update(bytes);
    this.#fresh.push(bytes);
    this.#freshBytes += bytes.length;
    if (this.#freshBytes >= SLICE) this.#store();
    this.changed();
  }

  /** A Blob may live on disk, an array may not. */
  #store() {
    this.#parts.push(new Blob(this.#fresh));
    this.#fresh = [];
    this.#freshBytes = 0;
  }

  /** @param {string} sha256 what the sender counted */
  #finish(sha256) {
    this.sha256 = this.#hash.hex();
    this.channel.send(JSON.stringify({ sha256: this.sha256 }));
    if (this.sha256 !== sha256 || this.moved !== this.size) {
      return this.fail('What arrived is not what was sent: the SHA-256 sums differ. Ask for it again.');
    }
    this.#store();
    this.blob = new Blob(this.#parts, { type: this.#type });
    this.#parts = [];
    this.to('done');
  }
}
