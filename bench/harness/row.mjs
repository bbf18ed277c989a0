import { round } from './statistics.mjs';

/**
 * One target of a row.
 *
 * @param what - in words, for example `ours / plain`
 * @param isFloor - `value` has to be at least `limit`
 */
export function target(what, value, limit, isFloor = false) {
  return {
    what,
    value: round(value),
    limit,
    ...(isFloor && { floor: true }),
    met: isFloor ? value >= limit : value <= limit,
  };
}

/**
 * A row of the table out of a comparison (compare.mjs): times in µs, the ratio to the reference, and how much
 * slower each peer is.
 *
 * @param targets - gets `(peer) => ours / peer`
 */
export function timedRow(result, ours, reference, targets) {
  const { ms, ratio, noise, counts, rounds } = result;
  const over = (peer) => ratio[ours] / ratio[peer];
  const peers = Object.keys(ms).filter((name) => name !== ours);
  return {
    unit: 'µs',
    ours: round(ms[ours] * 1000),
    peers: Object.fromEntries(peers.map((name) => [name, round(ms[name] * 1000)])),
    ratio: round(over(reference)),
    ratios: Object.fromEntries(peers.map((name) => [name, round(over(name))])),
    targets: targets(over),
    noise,
    counts,
    rounds,
  };
}
