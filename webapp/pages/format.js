// @ts-check

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @param {number} bytes */
export function size(bytes) {
  let unit = 0;
  let value = bytes;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** @param {number | null} millis */
export function roundTrip(millis) {
  if (millis === null) return '–';
  if (millis < 1) return '< 1 ms';
  return millis < 10 ? `${millis.toFixed(1)} ms` : `${Math.round(millis)} ms`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/**
 * A peer's id, short enough to read: ids that the server made up are long.
 *
 * @param {string} peer
 */
export const short = peer => peer.length > 12 ? `${peer.slice(0, 6)}…` : peer;

export const clock = () => new Date().toLocaleTimeString([], { hour12: false });
