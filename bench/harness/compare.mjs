import { performance } from 'node:perf_hooks';
import { median, randomFrom, round, shuffle } from './statistics.mjs';

/** A run counts when the reference, measured against itself, stays this near to 1. */
const NOISE_LIMIT = 0.05;
const ATTEMPTS = 4;
/** ms after which no further attempt begins. */
const MAX_WAIT_MS = 40_000;
const SELF = 'itself';

/**
 * Times several ways to do the same thing side by side: in each round every way gets one sample, in a fresh
 * order and after a garbage collection, so that drift of the machine meets all alike. What is compared is the
 * ratio to the reference within a round; the result is the median over all rounds. The reference is measured
 * against itself too; while that is off by more than 5 % all is measured anew, a few times at most.
 *
 * @param ways - by name, a function that does it once (it may return a promise, and with it `{ms}`
 *   where the time is not that of the whole run)
 * @param reference - the name of the way that the others are compared with
 * @param options.rounds - at least 30
 * @param options.sampleMs - a sample repeats a way until it takes about this long
 * @param options.collection - which garbage collection goes before each sample. A `major` one also throws away the
 *   hidden classes that no object has at that moment, and with them optimized code, which short ways then pay for
 *   in the place of what they do; those take a `minor` one
 * @param options.prepare - untimed, before each sample, for ways that need a fresh start each time
 * @returns `{ms: {name}, ratio: {name}, noise, counts, rounds}`: ms of one run, ratio to the reference
 */
export async function compare(
  ways,
  reference,
  { rounds = 31, sampleMs = 5, collection = 'major', prepare } = {},
) {
  const all = { ...ways, [SELF]: ways[reference] };
  const repeats = {};
  for (const name of Object.keys(all)) {
    repeats[name] = prepare ? 1 : await repeatsFor(all[name], sampleMs);
  }
  // The same number for both, or their difference would be measured as well.
  repeats[SELF] = repeats[reference];
  const start = performance.now();
  let best;
  for (let attempt = 0; attempt < ATTEMPTS && !best?.counts; attempt++) {
    if (attempt > 0 && performance.now() - start > MAX_WAIT_MS) break;
    const result = await measure(all, reference, { rounds, repeats, collection, prepare });
    if (!best || Math.abs(result.noise - 1) < Math.abs(best.noise - 1)) best = result;
  }
  return best;
}

async function measure(all, reference, { rounds, repeats, collection, prepare }) {
  const names = Object.keys(all);
  const random = randomFrom(1);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const name of shuffle(names, random)) {
      await prepare?.(name);
      globalThis.gc?.({ type: collection });
      times[name].push((await sample(all[name], repeats[name])) / repeats[name]);
    }
  }
  const ratioOf = (name) => median(times[name].map((ms, i) => ms / times[reference][i]));
  const byName = (value) =>
    Object.fromEntries(names.filter((name) => name !== SELF).map((name) => [name, round(value(name))]));
  const noise = ratioOf(SELF);
  return {
    ms: byName((name) => median(times[name])),
    ratio: byName(ratioOf),
    noise: round(noise),
    counts: Math.abs(noise - 1) <= NOISE_LIMIT,
    rounds,
  };
}

/** ms of `repeats` runs. */
async function sample(way, repeats) {
  const start = performance.now();
  let told;
  for (let i = 0; i < repeats; i++) {
    const result = way();
    if (result instanceof Promise) told = await result;
  }
  return told?.ms ?? performance.now() - start;
}

/** Warms a way up and finds how often it has to run for a sample of `sampleMs`. */
async function repeatsFor(way, sampleMs) {
  let repeats = 1;
  let ms = await sample(way, repeats);
  for (let spent = ms; spent < 20 * sampleMs && ms < 10 * sampleMs; spent += ms) {
    if (ms < sampleMs) repeats *= 2;
    ms = await sample(way, repeats);
  }
  return Math.max(1, Math.round((repeats * sampleMs) / ms));
}
