// @ts-check

/**
 * @param {string} id
 * @returns {any} the page's own element of that id
 */
const byId = id => document.getElementById(id);

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

void showHealth();
