// @ts-check
import { element } from '/pages/element.js';
import { duration, short, size } from '/pages/format.js';

/** Drawing more often than this is work that nobody sees. */
const REDRAW_MS = 100;

/** @typedef {import('./transfer.js').Sending | import('./transfer.js').Receiving} Moving */

/** Shows one file under way. */
export class TransferRow {
  #bar = element('progress', { max: '1' });
  #status = element('span', { class: 'status' });
  #buttons = element('span');
  #drawnAt = 0;
  #drawnState = '';

  /**
   * @param {Moving} transfer
   * @param {string} peer
   */
  constructor(transfer, peer) {
    this.transfer = transfer;
    this.name = element('span', { class: 'name' });
    this.size = element('span', { class: 'size quiet small' });
    this.root = element('li', { class: 'transfer', 'data-peer': peer, 'data-direction': transfer.outgoing ? 'out' : 'in' },
      element('div', { class: 'line' },
        element('span', { class: 'arrow', 'aria-hidden': 'true' }, transfer.outgoing ? '↑' : '↓'),
        element('span', { class: 'sr-only' }, transfer.outgoing ? 'Sending' : 'Receiving'),
        this.name,
        element('span', { class: 'quiet small' }, `${transfer.outgoing ? 'to' : 'from'} ${short(peer)}`),
        this.size),
      this.#bar,
      element('div', { class: 'under' }, this.#status, this.#buttons));
    transfer.addEventListener('change', () => this.#changed());
    this.#draw();
  }

  #changed() {
    const stale = performance.now() - this.#drawnAt > REDRAW_MS;
    if (stale || this.transfer.state !== this.#drawnState) this.#draw();
  }

  #draw() {
    const { transfer } = this;
    this.#drawnAt = performance.now();
    this.name.textContent = transfer.name || 'A file';
    this.size.textContent = size(transfer.size);
    this.#bar.value = transfer.size ? transfer.moved / transfer.size : transfer.state === 'done' ? 1 : 0;
    this.#bar.setAttribute('aria-label', `${transfer.name}, ${Math.round(this.#bar.value * 100)} %`);
    this.#status.replaceChildren(...this.#said());
    if (transfer.state !== this.#drawnState || (transfer.state === 'asking' && !this.#buttons.hasChildNodes())) {
      this.#buttons.replaceChildren(...this.#offered());
    }
    this.#drawnState = transfer.state;
    Object.assign(this.root.dataset, { state: transfer.state, sha256: transfer.sha256, moved: String(transfer.moved) });
  }

  /** @returns {(Node | string)[]} */
  #said() {
    const { transfer } = this;
    switch (transfer.state) {
      case 'asking': return [transfer.outgoing ? 'Waiting for the other side to take it…'
        : 'Large file: it stays in this browser’s memory until you save it.'];
      case 'moving': return [`${size(transfer.moved)} · ${size(transfer.rate)}/s · `
        + `${duration((transfer.size - transfer.moved) / transfer.rate) || 'starting'} left`];
      case 'checking': return ['All sent; the other side is checking it…'];
      case 'done': {
        const hash = element('code', { title: transfer.sha256 }, `${transfer.sha256.slice(0, 12)}…`);
        const took = duration((transfer.endedAt - transfer.startedAt) / 1000);
        return [`✓ Intact in ${took}, ${size(transfer.rate)}/s. SHA-256 `, hash];
      }
      case 'failed': return [transfer.problem];
    }
  }

  /** @returns {Node[]} */
  #offered() {
    const { transfer } = this;
    if (transfer.state === 'done' && !transfer.outgoing && transfer.blob) {
      return [element('a', { class: 'button', download: transfer.name, href: URL.createObjectURL(transfer.blob) }, 'Save')];
    }
    if (transfer.over || transfer.state === 'checking') return [];
    const cancel = button('Cancel', () => transfer.cancel());
    if (transfer.state !== 'asking' || transfer.outgoing) return [cancel];
    return [button('Take it', () => transfer.accept()), cancel];
  }
}

/** @param {string} text @param {() => void} action */
function button(text, action) {
  const made = element('button', { type: 'button', class: 'slim' }, text);
  made.onclick = action;
  return made;
}
