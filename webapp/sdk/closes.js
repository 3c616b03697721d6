// @ts-check
import { BradawlError } from './errors.js';

const ELSEWHERE = 'The same peer id connected from somewhere else (another tab, or this page opened again), and there '
  + 'can be only one. Close the other one, or use another peer id.';

/** Close codes after which coming back by itself would be wrong; the protocol's description lists them all. */
const FINAL = new Map([
  [4406, ['refused', 'The server does not speak this version of the protocol, or the peer id has characters that it '
    + 'does not take. Use the client that this server brings along, and ids of A-Z a-z 0-9 . _ ~ @ : -']],
  [4409, ['replaced', ELSEWHERE]],
  [4410, ['replaced', ELSEWHERE]],
]);

/** The token is wrong or has expired. */
export const UNAUTHORIZED = 4401;

/** The server's own answer to a question over HTTP takes no longer. */
const ANSWER_MS = 10_000;

/**
 * @param {number} code of a WebSocket's close
 * @returns {BradawlError | null} null where the client should come back
 */
export function finalClose(code) {
  const said = FINAL.get(code);
  return said ? new BradawlError(said[0], said[1]) : null;
}

/** @param {boolean} renewable whether a fresh token can be had */
export function unauthorized(renewable) {
  return new BradawlError('unauthorized', renewable
    ? 'The server did not accept the token. Check that it was made for this server and has not expired.'
    : 'The server did not accept the token. It may have expired: give a function that fetches a new one.');
}

/**
 * Why a WebSocket handshake failed. The browser does not tell, so the same server is asked over HTTP.
 *
 * @param {URL} signaling the WebSocket's address
 */
export async function whyNoHandshake(signaling) {
  const http = new URL('/health/live', signaling);
  http.protocol = http.protocol.replace('ws', 'http');
  try {
    const answer = await fetch(http, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
    return new BradawlError('unreachable', `${http.host} answers HTTP${answer.status ? ` (${answer.status})` : ''} but `
      + 'not WebSocket. If this goes on, a proxy in between may not pass WebSocket upgrades. Trying again by itself.');
  } catch (cause) {
    return new BradawlError('unreachable', `${http.host} does not answer. Check the network here and that the server `
      + 'runs. Trying again by itself.', cause);
  }
}
