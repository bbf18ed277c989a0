import assert from 'node:assert/strict';
import { compare } from '../harness/compare.mjs';
import { evaluate } from '../harness/evaluate.mjs';
import { profileOf } from '../harness/profile.mjs';
import { target, timedRow } from '../harness/row.mjs';
import { payloadWays } from '../peers/payload-ways.mjs';

/** Leaves, markers, and how much of the plain JSON.stringify's time ours may take. */
export const CASES = [
  [12, 1, 2],
  [10_000, 0, 1.25],
  [10_000, 100, 1.25],
  [100_000, 10, 1.25],
];

const short = (count) => (count >= 1000 ? `${count / 1000}k` : String(count));

/** `10k+100` */
export const nameOfCase = ([leaves, markers]) => `${short(leaves)}+${markers}`;

export const keys = CASES.map((each) => `prepare.${nameOfCase(each)}`);
export const title = 'preparing a payload: find markers, replace, serialise';

/** @param context - the texts of harness/payload-module.mjs */
export async function measure(key, { payload, readable }) {
  const [leaves, markers, limit] = CASES[keys.indexOf(key)];
  const ways = payloadWays(evaluate(payload), leaves, markers);
  for (const [name, way] of Object.entries(ways))
    assert.equal(way(), ways.plain(), `${name} gives another text`);
  // Reading one character makes V8 put a text of pieces together, as sending it would.
  const used = Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [name, () => way().charCodeAt(7)]),
  );
  const result = await compare(used, 'plain', leaves > 1000 ? { sampleMs: 20 } : { collection: 'minor' });
  const ours = payloadWays(evaluate(readable), leaves, markers).ours;
  const profile = await profileOf(function readText() {
    return ours().charCodeAt(7);
  });
  return {
    [key]: {
      profile,
      ...timedRow(result, 'ours', 'plain', (over) => [
        target('ours / plain', over('plain'), limit),
        ...(leaves >= 10_000 ? [target('two-pass / ours', 1 / over('two-pass'), 2.5, true)] : []),
        ...['two-pass', 'extract-files', 'socket.io-parser', 'superjson', 'structuredClone'].map((peer) =>
          target(`ours / ${peer}`, over(peer), 1),
        ),
      ]),
    },
  };
}
