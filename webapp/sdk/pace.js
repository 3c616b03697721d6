// @ts-check

/** How many messages may go out now: a bucket that fills at a steady rate, as the server keeps one for each peer. */
export class Pace {
  #allowance;
  #at = performance.now();

  /**
   * @param {number} rate messages a second
   * @param {number} burst messages at once
   */
  constructor(rate, burst) {
    this.rate = rate;
    this.burst = burst;
    this.#allowance = burst;
  }

  /** Takes one message's worth. @returns {number} 0 if it was there, else the milliseconds until it is */
  take() {
    const now = performance.now();
    this.#allowance = Math.min(this.burst, this.#allowance + (now - this.#at) / 1000 * this.rate);
    this.#at = now;
    if (this.#allowance < 1) return (1 - this.#allowance) * 1000 / this.rate;
    this.#allowance--;
    return 0;
  }
}
