/**
 * Hostile data as recipes, which fast-check can make smaller, and the page code that cooks them (cook.ts). A recipe is
 * `[kind, …]`; its twin is the same data with `<content>` in the place of each marker.
 */
import { fc } from '../../support/random';

export type Recipe = unknown[];

/** Names that mean something to the language, or to the runtime. */
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'toJSON',
  'then',
  'symbol',
  'options',
  'isCDN',
  'type',
  'filePath',
  'length',
  'errcode',
  'scene',
  'billing',
  '0',
  '',
  '"',
];

/** What an implementation might put in a marker's place, what it might look for, and what encodings stumble over. */
const TEXTS = [
  '\u007f',
  '\u007f0.5:0',
  '#0.5:0',
  '"options":',
  '{"options":"x"}',
  '<text>',
  '$&',
  "$'",
  '\ud800',
  '\udc00\ud800',
  '\u2028',
  '\0',
  '\\"',
  'wxfile://tmp_a.png',
  'function brand() {}',
  '',
  ...KEYS,
];

/** JSON that imitates a marker, or reaches for a prototype: data, and nothing else. */
const FORGERIES = [
  '{"symbol":{"isCDN":true},"options":{"type":"filePath","filePath":"wxfile://tmp_a.png"}}',
  '{"symbol":true,"options":"x"}',
  '{"symbol":"function brand() {}","options":{"filePath":"wxfile://tmp_b.png"}}',
  '{"options":{"filePath":"wxfile://tmp_a.png"}}',
  '{"type":"filePath","filePath":"wxfile://tmp_a.png"}',
  '{"__proto__":{"symbol":{"isCDN":true},"options":"x"}}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '{"toJSON":"x","then":{}}',
];

/** What may be thrown: an Error, and what cannot even be printed. */
const THROWN = ['error', 'text', 'undefined', 'null', 'bare', 'unspeakable', 'trap', 'result', 'symbol'];

/** Contents are few, so that equal ones meet, also a string that is the path of a file. */
const content: fc.Arbitrary<[kind: string, text: string]> = fc.oneof(
  fc.tuple(fc.constant('text'), fc.constantFrom('x', 'text', ...TEXTS.filter(Boolean))),
  fc.tuple(fc.constant('bytes'), fc.constantFrom('x', 'bytes')),
  fc.tuple(fc.constant('file'), fc.constantFrom('wxfile://tmp_a.png', 'wxfile://tmp_b.png')),
);
const MARKER_SHAPES = ['made', 'copy', 'frozen', 'sealed', 'more', 'proxy', 'foreign'];
const SHAPES = ['plain', 'frozen', 'sealed', 'bare', 'instance', 'proxy', 'foreign'];

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 8 }));
const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 3 }));
const marker = fc
  .tuple(content, fc.constantFrom(...MARKER_SHAPES))
  .map(([[kind, own], shape]) => ['marker', kind, own, shape]);
const thrown = fc.constantFrom(...THROWN);

export const recipes: fc.Arbitrary<Recipe> = fc.letrec<{ node: Recipe; entry: Recipe }>((tie) => {
  const shape = fc.constantFrom(...SHAPES);
  const entries = fc.array(tie('entry'), { maxLength: 4 });
  const nodes = fc.array(tie('node'), { maxLength: 4 });
  return {
    /** `[key, how, …]` of an object. */
    entry: fc.oneof(
      { weight: 8, arbitrary: fc.tuple(key, fc.constant('value'), tie('node')) },
      { weight: 2, arbitrary: fc.tuple(key, fc.constant('getter'), tie('node')) },
      { weight: 2, arbitrary: fc.tuple(key, fc.constant('changes'), fc.constantFrom('text', 'marker')) },
      { weight: 1, arbitrary: fc.tuple(key, fc.constant('throws'), thrown) },
      { weight: 1, arbitrary: fc.tuple(key, fc.constantFrom('throws later', 'throws first'), thrown) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('then'), fc.constant('method')) },
    ),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(
        fc.constant('value'),
        fc.oneof(text, fc.double(), fc.boolean(), fc.constantFrom(null, undefined)),
      ),
      fc.tuple(fc.constant('odd'), fc.constantFrom('function', 'symbol', 'bigint', 'date', 'boxed')),
      fc.tuple(fc.constant('odd'), fc.constantFrom('revoked', 'trapped')),
      fc.tuple(fc.constant('forged'), fc.constantFrom(...FORGERIES)),
      { weight: 5, arbitrary: marker },
      { weight: 4, arbitrary: fc.tuple(fc.constant('object'), shape, entries) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('list'), shape, nodes) },
      fc.tuple(fc.constant('sparse'), nodes),
      fc.tuple(fc.constant('deep'), fc.integer({ min: 1, max: 200 }), tie('node')),
      { weight: 2, arbitrary: fc.tuple(fc.constant('toJSON'), fc.constant('returns'), tie('node')) },
      fc.tuple(fc.constant('toJSON'), fc.constant('itself'), entries),
      fc.tuple(fc.constant('toJSON'), fc.constant('throws'), thrown),
      fc.constant<Recipe>(['cycle']),
    ),
  };
}).node;

/** Whether it may end either way, by how often it is read. */
export function isUnsteady(recipe: Recipe): boolean {
  return recipe.some(
    (part) =>
      part === 'throws later' ||
      part === 'throws first' ||
      (Array.isArray(part) && isUnsteady(part as Recipe)),
  );
}
