import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inPackage } from '../harness/paths.mjs';

const FOLDER = inPackage('bench/conformance/in-engine');

/** The built files that a mini-program gets, each with the channels in it. */
export function bundles() {
  const every = ['bridge', 'relay', 'cloud'];
  const variants = readdirSync(inPackage('dist/compat')).filter((name) => name.endsWith('.min.js'));
  return [
    { file: 'dist/servicemarket-compat.js', channels: every },
    { file: 'dist/servicemarket-compat.min.js', channels: every },
    { file: 'miniprogram_dist/index.js', channels: every },
    ...variants.map((name) => ({
      file: `dist/compat/${name}`,
      channels: name.replace('.min.js', '').split('+'),
    })),
  ];
}

/**
 * One ES5 script that holds the cases, a fake host and one built file, for any JavaScript engine.
 *
 * @returns its text; it defines `step` as in-engine/runner.js says
 */
export function assemble({ file, channels }) {
  const modules = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.js'))
    .map((name) => {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      return `${JSON.stringify(basename(name, '.js'))}: function (module, exports, require) {${text}\n}`;
    });
  const vectors = readFileSync(inPackage('test/vectors/native.json'), 'utf8');
  return `
var step = (function (global) {
  var modules = {${modules.join(',\n')}};
  var loaded = {};
  function require(name) {
    if (!loaded[name]) {
      loaded[name] = { exports: {} };
      modules[name](loaded[name], loaded[name].exports, require);
    }
    return loaded[name].exports;
  }
  function bundle(wx, exports, module, setTimeout, clearTimeout, Date, console, Promise) {
${readFileSync(inPackage(file), 'utf8')}
  }
  return require('runner')({
    vectors: ${vectors},
    channels: ${JSON.stringify(channels)},
    global: global,
    bundle: bundle
  });
})(Function('return this')());
`;
}
