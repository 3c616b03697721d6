// @ts-check
import { describePath } from '/sdk/bradawl.js';
import { element } from '/pages/element.js';
import { roundTrip, short, size } from '/pages/format.js';

/** @typedef {import('/sdk/bradawl.js').Connection} Connection */
/** @typedef {import('/sdk/bradawl.js').Path} Path */

const STATES = {
  connecting: ['Connecting', 'warn'],
  connected: ['Connected', 'good'],
  interrupted: ['Interrupted', 'warn'],
  failed: ['Failed', 'bad'],
  closed: ['Closed', 'bad'],
};

const TYPES = { host: 'own address', srflx: 'seen by STUN', prflx: 'seen by the peer', relay: 'relayed' };

/** Shows one connection: its state, the way its bytes go, and the figures. */
export class PeerCard {
  #pill = element('span', { class: 'pill', role: 'status' });
  #way = element('div', { class: 'way' });
  #words = element('p', { class: 'words' });
  #figures = element('dl', { class: 'figures' });
  #ends = element('dl', { class: 'ends' });
  #trouble = element('div', { class: 'notice', role: 'alert' });

  /**
   * @param {Connection} connection
   * @param {() => void} again connects anew after a failure
   */
  constructor(connection, again) {
    this.connection = connection;
    this.again = again;
    this.root = element('li', { class: 'peer', 'data-peer': connection.peer },
      element('header', {}, element('h3', { title: connection.peer }, short(connection.peer)), this.#pill),
      this.#way, this.#words, this.#figures, this.#ends, this.#trouble);
    connection.addEventListener('state', () => this.#showState());
    connection.addEventListener('stats', event => this.#showPath(event.detail));
    this.#trouble.hidden = true;
    this.#showState();
    this.#drawWay(null);
  }

  #showState() {
    const { state, problem } = this.connection;
    const [word, tone] = STATES[state];
    this.root.dataset.state = state;
    this.#pill.textContent = word;
    this.#pill.dataset.tone = tone;
    if (state === 'connecting') this.#words.textContent = 'Looking for a path…';
    if (state === 'interrupted') this.#words.textContent = 'The path broke; looking for another. Nothing is lost.';
    const failed = state === 'failed' && problem !== null;
    this.#trouble.hidden = !failed;
    if (failed) {
      const button = element('button', { type: 'button', class: 'slim' }, 'Try again');
      button.onclick = this.again;
      this.#words.textContent = 'No connection';
      this.#trouble.replaceChildren(element('p', {}, problem.message), button);
      this.#drawWay(null);
      this.#figures.replaceChildren();
      this.#ends.replaceChildren();
    }
  }

  /** @param {Path} path */
  #showPath(path) {
    const { root } = this;
    if (this.connection.state === 'connected') this.#words.textContent = describePath(path);
    Object.assign(root.dataset, { path: path.kind, transport: path.transport });
    this.#drawWay(path);
    this.#figures.replaceChildren(
      figure('Round trip', roundTrip(path.roundTripMillis)),
      figure('Sent', size(path.bytesSent)),
      figure('Received', size(path.bytesReceived)));
    this.#ends.replaceChildren(...end('Here', path.local), ...end('There', path.remote));
  }

  /** @param {Path | null} path */
  #drawWay(path) {
    this.#way.dataset.kind = path?.kind ?? 'none';
    const { peer } = this.connection;
    const first = leg(path?.transport);
    const stops = [stop('You'), first];
    if (path?.kind === 'relay') stops.push(stop('Relay', 'middle'), leg());
    stops.push(stop(short(peer)));
    this.#way.replaceChildren(...stops);
    this.#way.setAttribute('role', 'img');
    this.#way.setAttribute('aria-label', path ? describePath(path) : 'No path yet');
  }
}

/** @param {string} text @param {string} [kind] */
const stop = (text, kind = '') => element('span', { class: `stop ${kind}` }, text);

/** @param {string} [label] */
function leg(label) {
  const line = element('span', { class: 'leg' });
  if (label) line.append(element('span', {}, label.toUpperCase()));
  return line;
}

/** @param {string} name @param {string} value */
const figure = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));

/** @param {string} name @param {import('/sdk/bradawl.js').PathEnd} at */
function end(name, at) {
  const address = at.address === null ? 'hidden by the browser'
    : `${at.address.includes(':') ? `[${at.address}]` : at.address}:${at.port}`;
  const by = at.relayProtocol ? ` over ${at.relayProtocol.toUpperCase()}` : '';
  return [element('dt', {}, name), element('dd', {}, `${address} (${TYPES[at.type]}${by})`)];
}
