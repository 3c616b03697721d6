// @ts-check

/** Timers by name: a second one of a name replaces the first, and all of them end at once. */
export class Timers {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ #running = new Map();

  /**
   * @param {string} name
   * @param {number} millis
   * @param {() => void} action
   */
  after(name, millis, action) {
    this.cancel(name);
    this.#running.set(name, setTimeout(() => {
      this.#running.delete(name);
      action();
    }, millis));
  }

  /** @param {string} name */
  has(name) {
    return this.#running.has(name);
  }

  /** @param {string} name */
  cancel(name) {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  stop() {
    this.#running.forEach(timer => clearTimeout(timer));
    this.#running.clear();
  }
}
