/** What JavaScript engines of the time of a base library lack, by path. */
const SINCE_ES2016 = `
  globalThis BigInt BigInt64Array BigUint64Array WeakRef FinalizationRegistry AggregateError SharedArrayBuffer Atomics
  queueMicrotask Promise.prototype.finally Promise.allSettled Promise.any Promise.withResolvers
  Object.fromEntries Object.entries Object.values Object.hasOwn Object.getOwnPropertyDescriptors Object.groupBy
  Array.prototype.includes Array.prototype.flat Array.prototype.flatMap Array.prototype.at Array.prototype.findLast
  Array.prototype.findLastIndex Array.prototype.toSorted Array.prototype.toReversed Array.prototype.toSpliced
  Array.prototype.with String.prototype.padStart String.prototype.padEnd String.prototype.trimStart
  String.prototype.trimEnd String.prototype.matchAll String.prototype.replaceAll String.prototype.at
  Symbol.asyncIterator`;
const SINCE_ES2015 = `
  Proxy Reflect Promise Symbol Map Set WeakMap WeakSet Object.assign Object.is Object.setPrototypeOf
  Object.getOwnPropertySymbols Array.from Array.of Array.prototype.find Array.prototype.findIndex Array.prototype.fill
  Array.prototype.keys Array.prototype.entries Array.prototype.values String.prototype.startsWith
  String.prototype.endsWith String.prototype.includes String.prototype.repeat Number.isInteger Number.isFinite
  Number.isNaN Math.trunc Math.sign`;

const words = (text: string): string[] => text.trim().split(/\s+/);

export const ENGINES = {
  /** With what base library 2.11.0 itself needs, and BigInt, which the engines of 2020 had. */
  es2016: words(SINCE_ES2016).filter((path) => !['Array.prototype.includes', 'BigInt'].includes(path)),
  es2015: words(SINCE_ES2016),
  es5: [...words(SINCE_ES2016), ...words(SINCE_ES2015)],
};
