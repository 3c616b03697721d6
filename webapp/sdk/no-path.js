// @ts-check
import { BradawlError } from './errors.js';

/**
 * @typedef {object} Failure what is known about an attempt that found no path
 * @property {string} peer
 * @property {boolean} heard whether the other side ever answered by signaling
 * @property {boolean} relayOnly
 * @property {string[]} relays the TURN servers that could be used
 * @property {{url: string, code: number, text: string}[]} errors of the STUN and TURN servers
 * @property {RTCStatsReport | Map<string, any>} stats
 */

/**
 * Explains why two peers found no path, and what to do about it, from what the browser saw.
 *
 * @param {Failure} failure
 * @returns {BradawlError}
 */
export function whyNoPath(failure) {
  const { peer, relays, errors } = failure;
  const no = /** @param {string} why */ why => new BradawlError('no-path', `No path to ${peer} was found. ${why}`);
  if (!failure.heard) {
    return no(`${peer} never answered the offer. It may have closed the page, or its page may be asleep: open it there `
      + 'and try again.');
  }
  const stats = /** @type {any[]} */ ([...failure.stats.values()]);
  const mine = stats.filter(each => each.type === 'local-candidate').map(each => each.candidateType);
  const theirs = stats.filter(each => each.type === 'remote-candidate').map(each => each.candidateType);
  if (relays.length === 0) {
    return no(failure.relayOnly
      ? 'Only a relay is allowed here, but the server offers none that fits. Allow other paths, or configure TURN.'
      : 'The networks at both ends let no direct path through, and the server offers no TURN relay to go around. '
        + 'Configure TURN on the server.');
  }
  if (!mine.includes('relay')) {
    const refused = errors.find(each => each.url.startsWith('turn') && each.code < 700);
    if (refused) {
      return no(`The relay ${refused.url} refused: ${refused.text || 'no reason given'} (${refused.code}). `
        + (refused.code === 401 ? 'Its credentials may have expired: reload the page.' : 'The server\'s log says why.'));
    }
    return no(`The relay did not answer at ${relays.join(', ')}. Check that the server runs and that `
      + 'this network lets UDP or TCP to that port through.');
  }
  if (theirs.length === 0) {
    return no(`${peer} sent no address to try. Its browser may allow only a relay that it cannot reach.`);
  }
  return no('Both sides know addresses of each other, but none of them answered. The relay may refuse the other side\'s '
    + 'addresses (a private network must be allowed by bradawl.relay.allowed-peers), or a firewall drops what it sends.');
}
