// @ts-check
import { Bradawl, BradawlError, describePath } from '/sdk/bradawl.js';
import { byId, element } from '/pages/element.js';
import { clock, short } from '/pages/format.js';
import { PeerCard } from './peer-card.js';
import { LABEL, Receiving, Sending } from './transfer.js';
import { TransferRow } from './transfer-row.js';

/** A token that ends sooner than this is renewed before it is used. */
const TOKEN_MARGIN_MS = 60_000;
const LOG_LINES = 200;

/** @typedef {import('/sdk/bradawl.js').Connection} Connection */

const query = new URLSearchParams(location.search);
const room = roomOf(location);
const routing = {
  relayOnly: query.get('relay') === '1',
  relayTransport: /** @type {'any' | 'udp' | 'tcp'} */ (
    ['udp', 'tcp'].includes(query.get('transport') ?? '') ? query.get('transport') : 'any'),
};

/** @type {Map<Connection, {card: PeerCard, chat: RTCDataChannel | null}>} */
const peers = new Map();

const bradawl = new Bradawl({ token: demoToken(), ...routing });

/** The room in the link, or a new one that goes into the page's address. @param {Location} from */
function roomOf(from) {
  const wanted = decodeURIComponent(from.hash.slice(1)) || query.get('room') || '';
  if (/^[A-Za-z0-9._~@:-]{1,64}$/.test(wanted)) return wanted;
  const made = [...crypto.getRandomValues(new Uint8Array(5))].map(byte => (byte % 32).toString(32)).join('');
  history.replaceState(null, '', `${from.pathname}${from.search}#${made}`);
  return made;
}

/** Fetches a token of the demo application, keeps it, and renews it before it ends so that the name stays. */
function demoToken() {
  let token = '';
  let expires = 0;
  return async () => {
    if (Date.now() < expires - TOKEN_MARGIN_MS) return token;
    const headers = token && Date.now() < expires ? { Authorization: `Bearer ${token}` } : undefined;
    const answer = await fetch('/api/v1/demo/token', { method: 'POST', headers, cache: 'no-store' });
    if (answer.status === 404) {
      throw new BradawlError('unauthorized', 'The demo is switched off on this server: it is there only while the server '
        + 'runs with its default application “demo”. Use an application of your own with the SDK instead.');
    }
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.detail ?? `the server gave no demo token (HTTP ${answer.status}).`);
    token = body.token;
    expires = Date.parse(body.expires);
    return token;
  };
}

// --- what happens, told ----------------------------------------------------------------------------------------------

/**
 * @param {string} sentence
 * @param {'good' | 'bad' | ''} [tone]
 */
function tell(sentence, tone = '') {
  const log = byId('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
  log.append(element('li', tone ? { 'data-tone': tone } : {}, element('time', {}, clock()), element('span', {}, sentence)));
  while (log.children.length > LOG_LINES) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** @param {{message: string} | null} problem null takes it away */
function showProblem(problem) {
  byId('problem').hidden = !problem;
  byId('problem').textContent = problem?.message ?? '';
}

const SIGNALING = {
  idle: ['Starting…', ''],
  connecting: ['Connecting…', 'warn'],
  open: ['', 'good'],
  waiting: ['Server lost, coming back…', 'warn'],
  closed: ['Not connected', 'bad'],
};

bradawl.addEventListener('state', event => {
  const { state, problem, retryMillis } = event.detail;
  const [text, tone] = SIGNALING[state];
  byId('signaling').textContent = state === 'open' ? `Online as ${short(bradawl.peer ?? '')}` : text;
  byId('signaling').dataset.tone = tone;
  document.body.dataset.signaling = state;
  if (problem) tell(`${problem.message}${retryMillis ? ` (in ${(retryMillis / 1000).toFixed(1)} s)` : ''}`, 'bad');
  if (state === 'closed') showProblem(problem);
  if (state === 'open') showProblem(null);
});

bradawl.addEventListener('welcome', event => {
  const { peer, resumed } = event.detail;
  byId('signaling').textContent = `Online as ${short(peer)}`;
  document.body.dataset.name = short(peer);
  document.body.dataset.welcomes = String(Number(document.body.dataset.welcomes ?? 0) + 1);
  document.body.dataset.resumed = String(resumed);
  tell(resumed ? 'Signaling resumed; nothing was lost' : `Signaling open as ${short(peer)}`, 'good');
});

bradawl.addEventListener('problem', event => tell(event.detail.message, 'bad'));

// --- peers -----------------------------------------------------------------------------------------------------------

bradawl.addEventListener('connection', event => meet(event.detail));

/** @param {Connection} connection */
function meet(connection) {
  const { peer } = connection;
  const name = short(peer);
  const card = new PeerCard(connection, () => again(connection));
  const entry = { card, chat: /** @type {RTCDataChannel | null} */ (null) };
  for (const [other, { card: old }] of peers) {
    if (other.peer === peer) {
      old.root.remove();
      peers.delete(other);
    }
  }
  peers.set(connection, entry);
  byId('peers').append(card.root);
  tell(`${connection.initiator ? 'Connecting to' : 'Called by'} ${name}`);
  if (connection.initiator) takeChat(entry, peer, connection.channel('chat'));
  connection.addEventListener('channel', event => {
    const channel = event.detail;
    if (channel.label === 'chat') takeChat(entry, peer, channel);
    if (channel.label === LABEL) showTransfer(new Receiving(channel), peer);
  });
  connection.addEventListener('state', () => stateChanged(connection));
  let told = '';
  connection.addEventListener('path', event => {
    const words = describePath(event.detail);
    if (words !== told) tell(`${name}: ${words}`);
    told = words;
  });
  connection.addEventListener('note', event => tell(`${name}: ${event.detail}`));
  connection.addEventListener('problem', event => tell(event.detail.message, 'bad'));
  showPresence();
}

/** @param {Connection} connection */
function stateChanged(connection) {
  const { state } = connection;
  const name = short(connection.peer);
  if (state === 'connected') tell(`${name}: connected`, 'good');
  if (state === 'interrupted') tell(`${name}: the path broke; looking for another`, 'bad');
  if (state === 'closed' && peers.has(connection)) {
    tell(connection.problem?.message ?? `${name} is gone`);
    peers.get(connection)?.card.root.remove();
    peers.delete(connection);
  }
  showPresence();
}

/** @param {Connection} failed */
function again(failed) {
  try {
    meet(bradawl.connectTo(failed.peer));
  } catch (problem) {
    tell(String(/** @type {Error} */ (problem).message), 'bad');
  }
}

function reachable() {
  return [...peers.keys()].filter(({ state }) => state === 'connected' || state === 'interrupted');
}

function showPresence() {
  const some = reachable().length > 0;
  byId('no-peers').hidden = peers.size > 0;
  byId('invite').hidden = some;
  byId('file').disabled = !some;
  byId('drop-hint').textContent = some ? 'or drop files here' : 'As soon as somebody is here, drop files to send them.';
  byId('text').disabled = !some;
  byId('text').placeholder = some ? 'Write something' : 'Nobody to talk to yet';
  byId('say').querySelector('button').disabled = !some;
}

// --- chat ------------------------------------------------------------------------------------------------------------

/** @param {{chat: RTCDataChannel | null}} entry @param {string} peer @param {RTCDataChannel} channel */
function takeChat(entry, peer, channel) {
  entry.chat = channel;
  channel.addEventListener('message', ({ data }) => showMessage(String(data), peer));
}

/** @param {string} text @param {string} [from] */
function showMessage(text, from) {
  const line = element('li', from ? {} : { class: 'mine' });
  if (from) line.append(element('span', { class: 'who' }, short(from)));
  line.append(text);
  byId('messages').append(line);
  byId('messages').scrollTop = byId('messages').scrollHeight;
}

byId('say').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  const open = [...peers.values()].map(({ chat }) => chat).filter(chat => chat?.readyState === 'open');
  if (!text) return;
  if (open.length === 0) return tell('The chat is not open yet; try again in a moment', 'bad');
  open.forEach(chat => chat?.send(text));
  byId('text').value = '';
  showMessage(text);
});

// --- files -----------------------------------------------------------------------------------------------------------

/** @param {Iterable<File>} files */
function sendFiles(files) {
  for (const file of files) {
    for (const connection of reachable()) showTransfer(new Sending(connection.channel(LABEL), file), connection.peer);
  }
}

/** Files seen so far. @type {Set<Sending | Receiving>} */
const transfers = new Set();
/** Whether to connect anew as soon as no file is under way. */
let rerouting = false;

/** @param {Sending | Receiving} transfer @param {string} peer */
function showTransfer(transfer, peer) {
  transfers.add(transfer);
  byId('transfers').prepend(new TransferRow(transfer, peer).root);
  transfer.addEventListener('change', function announce() {
    if (!transfer.over) return;
    transfer.removeEventListener('change', announce);
    const what = `${transfer.name} ${transfer.outgoing ? 'to' : 'from'} ${short(peer)}`;
    if (transfer.state === 'done') tell(`${what}: arrived intact`, 'good');
    else tell(`${what}: ${transfer.problem}`, 'bad');
    transfers.delete(transfer);
    rerouteWhenIdle();
  });
}

byId('file').addEventListener('change', () => {
  sendFiles(byId('file').files);
  byId('file').value = '';
});

const drop = byId('drop');
for (const type of ['dragenter', 'dragover']) {
  drop.addEventListener(type, (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    drop.classList.toggle('over', reachable().length > 0);
  });
}
for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('over'));
// A file that misses the box must not replace the page.
addEventListener('dragover', event => event.preventDefault());
addEventListener('drop', event => {
  event.preventDefault();
  if (reachable().length > 0) sendFiles(event.dataTransfer?.files ?? []);
});

// --- the room and its link -------------------------------------------------------------------------------------------

function showInvitation() {
  const link = `${location.origin}/demo/#${room}`;
  byId('link').value = link;
  byId('second').href = `${location.pathname}${location.search}#${room}`;
  if (/^(localhost|127\.|\[::1\])/.test(location.host)) {
    byId('invite-text').textContent = 'Open this link in a second tab. For another machine, open this page by the '
      + 'server’s network address first: this link says “this machine”.';
  }
  byId('link').addEventListener('focus', () => byId('link').select());
  byId('copy').addEventListener('click', async () => {
    byId('link').select();
    // The clipboard is kept from pages without TLS; the older command still works there.
    if (navigator.clipboard) await navigator.clipboard.writeText(link); else document.execCommand('copy');
    byId('copy').textContent = 'Copied';
  });
}

function showRouting() {
  byId('relay').checked = routing.relayOnly;
  for (const radio of document.querySelectorAll('input[name=transport]')) {
    const each = /** @type {HTMLInputElement} */ (radio);
    each.checked = each.value === routing.relayTransport;
    each.addEventListener('change', () => {
      routing.relayTransport = /** @type {'any' | 'udp' | 'tcp'} */ (each.value);
      reroute();
    });
  }
  byId('relay').addEventListener('change', () => {
    routing.relayOnly = byId('relay').checked;
    reroute();
  });
}

/** Connects anew along the paths that are allowed now; files under way are let through first. */
function reroute() {
  bradawl.route(routing);
  const reached = routing.relayTransport === 'any' ? '' : ` over ${routing.relayTransport.toUpperCase()}`;
  const wanted = routing.relayOnly ? `only a relay${reached} is allowed` : 'every path is allowed';
  const busy = [...transfers].some(transfer => !transfer.over);
  tell(`From now on ${wanted}; connecting anew${busy ? ' when the files are through' : ''}`);
  rerouting = true;
  rerouteWhenIdle();
}

function rerouteWhenIdle() {
  if (!rerouting || [...transfers].some(transfer => !transfer.over)) return;
  rerouting = false;
  for (const connection of reachable()) {
    connection.close('it connects anew along another path');
    meet(bradawl.connectTo(connection.peer));
  }
}

async function start() {
  showInvitation();
  showRouting();
  if (!('RTCPeerConnection' in window)) {
    return showProblem({ message: 'This browser has no WebRTC (or it is switched off), which the demo is about. '
      + 'Use a current Chrome, Edge, Firefox or Safari.' });
  }
  await bradawl.connect();
  const here = bradawl.join(room);
  document.body.dataset.room = room;
  // Whoever comes into the room calls those who are there.
  here.addEventListener('joined', event => {
    for (const peer of event.detail) {
      if (!bradawl.connections.some(each => each.peer === peer)) meet(bradawl.connectTo(peer));
    }
  });
  here.addEventListener('peer-joined', event => tell(`${short(event.detail)} is in the room`));
  here.addEventListener('peer-left', event => tell(`${short(event.detail)} left the room`));
  here.addEventListener('problem', event => showProblem(event.detail));
}

// Another room in the address is another visit, and so is the way back to a page that said goodbye.
addEventListener('hashchange', () => location.reload());
addEventListener('pageshow', event => { if (event.persisted) location.reload(); });

start().catch(showProblem);
