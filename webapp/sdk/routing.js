// @ts-check

/**
 * @typedef {object} Routing which paths may be used
 * @property {boolean} [relayOnly] only through a TURN relay, so that the other side never sees this one's addresses
 * @property {'any' | 'udp' | 'tcp'} [relayTransport] how to reach the TURN relay
 */

/**
 * The ICE servers that may be used when the relay is to be reached by one transport only.
 *
 * @param {RTCIceServer[]} servers
 * @param {'any' | 'udp' | 'tcp'} transport
 * @returns {RTCIceServer[]}
 */
export function reachedBy(servers, transport) {
  if (transport === 'any') return servers;
  return servers
    .map(server => ({ ...server, urls: [server.urls].flat().filter(url => relayTransport(url) === transport) }))
    .filter(server => server.urls.length > 0);
}

/**
 * The TURN servers among the ICE servers.
 *
 * @param {RTCIceServer[]} servers
 * @returns {string[]}
 */
export const relayUrls = servers => servers.flatMap(server => server.urls).filter(url => url.startsWith('turn'));

/** RFC 7065 §3.1: `turn` without a transport means UDP, `turns` TLS over TCP. @param {string} url */
function relayTransport(url) {
  if (url.startsWith('turns:')) return url.includes('transport=udp') ? 'udp' : 'tcp';
  return url.includes('transport=tcp') ? 'tcp' : 'udp';
}
