// @ts-check

/**
 * @typedef {object} PathEnd one end of the path in use
 * @property {'host' | 'srflx' | 'prflx' | 'relay'} type the kind of its ICE candidate
 * @property {string | null} address null where the browser hides it
 * @property {number | null} port
 * @property {'udp' | 'tcp'} protocol
 * @property {'udp' | 'tcp' | 'tls' | null} relayProtocol how the TURN server is reached; known for the local end only
 * @property {string | null} url the STUN or TURN server it came from
 *
 * @typedef {object} Path which way the bytes go, as the browser reports it
 * @property {'host' | 'server-reflexive' | 'relay'} kind `relay` when either end is relayed; `server-reflexive` when
 *   either end was reached at an address that a server or the other peer saw, as behind a NAT
 * @property {'udp' | 'tcp'} transport what leaves this machine: to the relay where this end is relayed, else to the peer
 * @property {PathEnd} local
 * @property {PathEnd} remote
 * @property {number} bytesSent on the wire, since the connection began
 * @property {number} bytesReceived
 * @property {number | null} roundTripMillis last measured, null before the first measure
 */

/**
 * Reads the path in use from a connection's statistics.
 *
 * @param {RTCStatsReport | Map<string, any>} report
 * @returns {Path | null} null while there is none
 */
export function readPath(report) {
  const stats = /** @type {any[]} */ ([...report.values()]);
  const transport = stats.find(each => each.type === 'transport');
  const pairs = stats.filter(each => each.type === 'candidate-pair');
  const pair = (transport?.selectedCandidatePairId && report.get(transport.selectedCandidatePairId))
    // Firefox marks the pair itself and has no transport statistics.
    ?? pairs.find(each => each.selected)
    ?? pairs.find(each => each.nominated && each.state === 'succeeded');
  const local = pair && report.get(pair.localCandidateId);
  const remote = pair && report.get(pair.remoteCandidateId);
  if (!local || !remote) return null;
  const ends = { local: end(local), remote: end(remote) };
  return {
    kind: kind(ends.local, ends.remote),
    transport: ends.local.relayProtocol ? (ends.local.relayProtocol === 'udp' ? 'udp' : 'tcp') : ends.local.protocol,
    ...ends,
    bytesSent: transport?.bytesSent ?? pair.bytesSent ?? 0,
    bytesReceived: transport?.bytesReceived ?? pair.bytesReceived ?? 0,
    roundTripMillis: pair.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1000,
  };
}

/**
 * Says a path in words, for people.
 *
 * @param {Path} path
 */
export function describePath(path) {
  const over = path.transport.toUpperCase();
  if (path.kind === 'relay') {
    const { local, remote } = path;
    if (local.type !== 'relay') return `Relayed by the other side's relay, over ${over}`;
    const reached = local.relayProtocol === 'tls' ? 'TLS' : over;
    return `Relayed, ${remote.type === 'relay' ? 'at both ends' : 'at this end'}; relay reached over ${reached}`;
  }
  return path.kind === 'host'
    ? `Direct, between the machines' own addresses, over ${over}`
    : `Direct, at an address found by STUN, over ${over}`;
}

/**
 * Whether two readings are of the same path: the figures may differ.
 *
 * @param {Path | null} one
 * @param {Path | null} other
 */
export function samePath(one, other) {
  return one === other || (one !== null && other !== null
    && sameEnd(one.local, other.local) && sameEnd(one.remote, other.remote));
}

/** @param {PathEnd} one @param {PathEnd} other */
const sameEnd = (one, other) => one.type === other.type && one.address === other.address
  && one.port === other.port && one.protocol === other.protocol && one.relayProtocol === other.relayProtocol;

/** @param {PathEnd} local @param {PathEnd} remote @returns {Path['kind']} */
function kind(local, remote) {
  if (local.type === 'relay' || remote.type === 'relay') return 'relay';
  return local.type === 'host' && remote.type === 'host' ? 'host' : 'server-reflexive';
}

/** @param {any} candidate @returns {PathEnd} */
function end(candidate) {
  return {
    type: candidate.candidateType,
    address: candidate.address ?? candidate.ip ?? null,
    port: candidate.port ?? null,
    protocol: candidate.protocol === 'tcp' ? 'tcp' : 'udp',
    relayProtocol: candidate.relayProtocol ?? null,
    url: candidate.url ?? null,
  };
}
