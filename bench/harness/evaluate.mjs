import { createRequire } from 'node:module';

/**
 * Runs a CommonJS text and gives its exports.
 *
 * @param parameters - names that the text sees besides, for example `wx`
 */
export function evaluate(source, parameters = {}) {
  const module = { exports: {} };
  const given = { module, exports: module.exports, require: createRequire(import.meta.url), ...parameters };
  new Function(...Object.keys(given), source)(...Object.values(given));
  return module.exports;
}
