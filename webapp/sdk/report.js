// @ts-check
import { describePath } from './path.js';

/** What the server takes as the reason. */
const REASON_LENGTH = 512;

/**
 * How connecting to a peer went, in the server's words.
 *
 * @param {string} peer
 * @param {import('./path.js').Path | null} path null where none was found
 * @param {number} millis it took
 * @param {string} [problem] why none was found
 */
export function traversal(peer, path, millis, problem) {
  const reason = path ? describePath(path) : problem;
  // JSON leaves out what is undefined, which is how the server wants the unknown.
  return {
    peer,
    path: path ? word(path) : 'none',
    transport: path?.transport,
    local: path ? written(path.local) : undefined,
    remote: path ? written(path.remote) : undefined,
    millis: Math.round(millis),
    reason: reason?.slice(0, REASON_LENGTH),
  };
}

/**
 * What kind of NAT lies behind a reflexive address only the record of both ends can tell, so it counts as punched.
 *
 * @param {import('./path.js').Path} path
 */
function word(path) {
  if (path.kind === 'relay') return 'relayed';
  if (path.kind === 'server-reflexive') return 'punched';
  return path.remote.address === null || isPrivate(path.remote.address) ? 'local' : 'direct';
}

/** @param {string} address */
const isPrivate = address => address.endsWith('.local')
  || /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd]|fe[89ab])/i.test(address);

/** @param {import('./path.js').PathEnd} end */
const written = end => end.address === null ? undefined
  : `${end.address.includes(':') ? `[${end.address}]` : end.address}:${end.port}`;
