// @ts-check
import { byId } from '/pages/element.js';
import { size } from '/pages/format.js';

// --- health ----------------------------------------------------------------------------------------------------------

/** @typedef {{name: string, status: 'UP' | 'DOWN', data?: Record<string, unknown>}} Check */

async function showHealth() {
  const pill = byId('health');
  const list = byId('checks');
  try {
    const answer = await fetch('/health/ready', { cache: 'no-store' });
    /** @type {{status: 'UP' | 'DOWN', checks?: Check[]}} */
    const health = await answer.json();
    const up = health.status === 'UP';
    pill.textContent = up ? 'Ready' : 'Not ready';
    pill.dataset.tone = up ? 'good' : 'bad';
    const checks = health.checks ?? [];
    list.replaceChildren(...(checks.length ? checks.map(checkLine)
      : [line(up ? 'The server is ready and names no single checks.' : 'The server is not ready and does not say why.')]));
  } catch {
    pill.textContent = 'No answer';
    pill.dataset.tone = 'bad';
    list.replaceChildren(line('The server does not answer. Check that it runs and that the network reaches it; reload this page then.'));
  }
}

/** @param {Check} check */
function checkLine(check) {
  const item = document.createElement('li');
  const status = document.createElement('span');
  status.className = 'pill';
  status.dataset.tone = check.status === 'UP' ? 'good' : 'bad';
  status.textContent = check.status === 'UP' ? 'Up' : 'Down';
  const data = document.createElement('span');
  data.className = 'data';
  data.textContent = Object.entries(check.data ?? {}).map(([key, value]) => `${key}: ${value}`).join(' · ');
  item.append(status, check.name, data);
  return item;
}

/** @param {string} text */
function line(text) {
  const item = document.createElement('li');
  item.className = 'quiet';
  item.textContent = text;
  return item;
}

// --- now -------------------------------------------------------------------------------------------------------------

/** Where the admin token is kept: in this tab, until it is closed. */
const KEPT = 'bradawl-admin-token';
/** Often enough to watch a transfer, seldom enough to be no load. */
const REFRESH_MS = 3_000;
/** Allocations shown. */
const SHOWN = 20;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let refresh;

/** @param {string} path */
async function admin(path) {
  const answer = await fetch(`/api/v1/${path}`, {
    headers: { Authorization: `Bearer ${sessionStorage.getItem(KEPT)}` }, cache: 'no-store',
  });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail ?? `The server answered ${answer.status}.`), { status: answer.status });
}

async function showNow() {
  clearTimeout(refresh);
  if (!sessionStorage.getItem(KEPT)) return showForm();
  try {
    const [relay, live, peers] = await Promise.all([
      admin('statistics/relay'), admin(`allocations?state=live&limit=${SHOWN}`), admin('peers?limit=1'),
    ]);
    byId('admin').hidden = true;
    byId('now').hidden = false;
    byId('now-problem').hidden = true;
    byId('now-age').textContent = new Date().toLocaleTimeString([], { hour12: false });
    byId('figures').replaceChildren(
      figure('Peers seen', String(peers.total)),
      figure('Allocations', String(relay.now.allocations)),
      figure('Relayed up', size(relay.now.relayed.bytesUp)),
      figure('Relayed down', size(relay.now.relayed.bytesDown)),
      figure('Dropped', String(Object.values(relay.now.drops).reduce((sum, each) => sum + each, 0))),
      figure('Engine', relay.now.running ? relay.now.engine : 'not running'));
    showAllocations(live.items, live.total);
  } catch (problem) {
    const { message, status } = /** @type {Error & {status?: number}} */ (problem);
    byId('now-problem').hidden = false;
    byId('now-problem').textContent = status ? message : 'The server does not answer; trying again.';
    if (status === 401 || status === 403) return forget();
  }
  refresh = setTimeout(showNow, REFRESH_MS);
}

/** @param {any[]} allocations @param {number} total */
function showAllocations(allocations, total) {
  const rows = allocations.flatMap(each => [
    row(each.user, each.client, each.relayedAddresses.join(' and '), each.transport.toUpperCase(),
      size(each.bytesUp), size(each.bytesDown)),
    ...each.connections.map(connectionRow)]);
  if (total > allocations.length) rows.push(row(`… and ${total - allocations.length} more`, '', '', '', '', ''));
  if (total === 0) rows.push(row('None at the moment', '', '', '', '', ''));
  byId('allocations').replaceChildren(...rows);
}

/** A TCP connection with a peer, below its allocation. @param {any} each */
function connectionRow(each) {
  const made = row('', '', `TCP with ${each.peer}`, each.state, size(each.bytesUp), size(each.bytesDown));
  made.className = 'quiet';
  return made;
}

/** @param {...string} texts */
function row(...texts) {
  const made = document.createElement('tr');
  texts.forEach((text, index) => {
    const cell = made.insertCell();
    cell.textContent = text;
    if (index >= 4) cell.className = 'number';
  });
  return made;
}

/** @param {string} name @param {string} value */
function figure(name, value) {
  const box = document.createElement('div');
  const term = document.createElement('dt');
  const description = document.createElement('dd');
  term.textContent = name;
  description.textContent = value;
  box.append(term, description);
  return box;
}

function showForm() {
  byId('admin').hidden = false;
  byId('now').hidden = true;
  byId('now-age').textContent = '';
}

function forget() {
  clearTimeout(refresh);
  sessionStorage.removeItem(KEPT);
  showForm();
}

byId('admin').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  sessionStorage.setItem(KEPT, byId('token').value.trim());
  byId('token').value = '';
  void showNow();
});
byId('forget').addEventListener('click', forget);

void showHealth();
void showNow();
