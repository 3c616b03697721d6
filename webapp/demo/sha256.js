// @ts-check

/*
 * SHA-256 (FIPS 180-4) that takes its input piece by piece.
 *
 * The browser's own crypto.subtle.digest wants the whole file in memory at once, and does not exist on pages served
 * without TLS, which is how two machines on one network first open this demo. Here it detects damage; nothing secret
 * depends on it, since DTLS protects what travels.
 */

const K = new Int32Array(64);
const START = new Int32Array(8);

// The constants are the first 32 bits of the fractional parts of cube and square roots of the first primes.
for (let candidate = 2, found = 0; found < 64; candidate++) {
  let prime = true;
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) prime &&= candidate % divisor !== 0;
  if (!prime) continue;
  if (found < 8) START[found] = fraction(candidate ** (1 / 2));
  K[found++] = fraction(candidate ** (1 / 3));
}

/** @param {number} value */
function fraction(value) {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

export class Sha256 {
  #state = START.slice();
  #words = new Int32Array(64);
  #block = new Uint8Array(64);
  #view = new DataView(this.#block.buffer);
  #filled = 0;
  #bytes = 0;

  /**
   * @param {Uint8Array} data
   * @returns {this}
   */
  update(data) {
    this.#bytes += data.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(64 - this.#filled, data.length);
      this.#block.set(data.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < 64) return this;
      this.#mix(this.#view, 0);
      this.#filled = 0;
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (; at + 64 <= data.length; at += 64) this.#mix(view, at);
    this.#block.set(data.subarray(at));
    this.#filled = data.length - at;
    return this;
  }

  /** Ends the input. @returns {string} 64 hexadecimal digits */
  hex() {
    const bits = this.#bytes * 8;
    this.#block.fill(0, this.#filled);
    this.#block[this.#filled] = 0x80;
    if (this.#filled >= 56) {
      this.#mix(this.#view, 0);
      this.#block.fill(0);
    }
    this.#view.setUint32(56, Math.floor(bits / 2 ** 32));
    this.#view.setUint32(60, bits >>> 0);
    this.#mix(this.#view, 0);
    return [...this.#state].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /**
   * @param {DataView} view
   * @param {number} at
   */
  #mix(view, at) {
    const w = this.#words;
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const p = w[i - 15], q = w[i - 2];
      const s0 = (p >>> 7 | p << 25) ^ (p >>> 18 | p << 14) ^ p >>> 3;
      const s1 = (q >>> 17 | q << 15) ^ (q >>> 19 | q << 13) ^ q >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1 | 0;
    }
    const state = this.#state;
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (e & f ^ ~e & g) + K[i] + w[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
}
