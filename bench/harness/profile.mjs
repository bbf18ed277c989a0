import { Session } from 'node:inspector/promises';
import { performance } from 'node:perf_hooks';
import { round } from './statistics.mjs';

const MS = 1500;
/** Functions below this share are left out. */
const LEAST = 0.01;

/**
 * Where the time of a way goes, by V8's sampling profiler.
 *
 * @param way - a function that does it once; what it runs should not be minified, or its names say nothing
 * @returns share of the time by function, without what it calls; the engine's own code counts to its caller
 */
export async function profileOf(way) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 100 });
  await session.post('Profiler.start');
  for (const end = performance.now() + MS; performance.now() < end;) way();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();

  const nameOf = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName || 'anonymous']),
  );
  const times = new Map();
  profile.samples.forEach((id, i) => {
    const name = nameOf.get(id);
    times.set(name, (times.get(name) ?? 0) + profile.timeDeltas[i]);
  });
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  const shares = [...times].map(([name, time]) => [name, round(time / all, 2)]);
  return Object.fromEntries(shares.filter(([, share]) => share >= LEAST).sort((a, b) => b[1] - a[1]));
}
