/** The bundler plugin in the configuration of a framework's build. */
import type { Build } from '../project/framework';
import {
  addImport,
  appendElement,
  findExportedObject,
  findMembers,
  insertFirst,
  literally,
  quote,
  removeElement,
  removeFirst,
  removeImport,
  semicolonOf,
} from './source-edits';

const PACKAGE = 'miniprogram-servicemarket';
const VITE = 'serviceMarket.vite()';
const WEBPACK = 'serviceMarket.webpack()';
/** The plugin in webpack's chain, whatever the chain is called. */
const STATEMENT = `\\w+${literally(use(''))};?`;
const IS_VITE = /\b(?:compiler|type)\s*:\s*["']vite["']/;

/**
 * Adds the bundler plugin.
 *
 * @param source - of the configuration file
 * @returns the new text, or undefined where the file is not of a shape that is known
 */
export function addPlugin(source: string, build: Build): string | undefined {
  if (source.includes(PACKAGE)) return source;
  const changed = ADD[build](source);
  return changed === undefined ? undefined : addImport(changed);
}

/** Takes out what {@link addPlugin} put in. */
export function removePlugin(source: string): string {
  if (!source.includes(PACKAGE)) return source;
  const without = [VITE, WEBPACK].reduce(removeElement, removeImport(source));
  const arrays = [`plugins: [${VITE}]`, `vitePlugins: [${VITE}]`, `plugins: [${WEBPACK}]`];
  const patterns = [
    ...arrays.map((member) => `${literally(member)},?`),
    `(?:webpackChain|chainWebpack)\\(chain\\) \\{ ${STATEMENT} \\},?`,
    STATEMENT,
  ];
  return patterns.reduce(removeFirst, without);
}

const ADD: Record<Build, (source: string) => string | undefined> = {
  vite: (source) => addToArray(source, 'plugins', VITE),
  webpack: addToWebpack,
  taro: addToTaro,
};

function addToWebpack(source: string): string | undefined {
  // The configuration of @vue/cli has no list of webpack's plugins.
  if (/\bpluginOptions\b|@vue\/cli-service/.test(source)) return addToChain(source, 'chainWebpack');
  return addToArray(source, 'plugins', WEBPACK);
}

/** @returns undefined where there is neither the array nor an object that could have it */
function addToArray(source: string, name: string, element: string): string | undefined {
  const object = findExportedObject(source);
  const [array] = findMembers(source, name, '[');
  // A list further inside belongs to another tool.
  if (array && (!object || array.depth === object.depth + 1)) return appendElement(source, array, element);
  return object && insertFirst(source, object, `${name}: [${element}]`);
}

/** Taro 4: `mini` has webpack's chain; Vite's plugins are in `compiler`. */
function addToTaro(source: string): string | undefined {
  if (!IS_VITE.test(source)) return addToChain(source, 'webpackChain', 'mini');
  const [plugins] = findMembers(source, 'vitePlugins', '[');
  if (plugins) return appendElement(source, plugins, VITE);
  const [compiler] = findMembers(source, 'compiler', '{');
  return compiler && insertFirst(source, compiler, `vitePlugins: [${VITE}]`);
}

/** Adds the plugin in a method that is called with webpack's chain, or adds the method. */
function addToChain(source: string, method: string, owner?: string): string | undefined {
  const object = owner === undefined ? findExportedObject(source) : findMembers(source, owner, '{')[0];
  if (!object) return undefined;
  const parameters = findMembers(source, method, '(').find(
    ({ open, depth }) =>
      open.start > object.open.start && open.end < object.close.end && depth === object.depth + 1,
  );
  const semicolon = semicolonOf(source);
  if (!parameters) {
    return insertFirst(source, object, `${method}(chain) { ${inQuotes(source, use('chain'))}${semicolon} }`);
  }
  const [name] = /^\w+/.exec(source.slice(parameters.open.end)) ?? [];
  const body = source.indexOf('{', parameters.close.end);
  if (name === undefined || body < 0) return undefined;
  const brace = { ...parameters.open, start: body, end: body + 1 };
  const isEmpty = source
    .slice(body + 1)
    .trimStart()
    .startsWith('}');
  const last = isEmpty ? brace : parameters.close;
  // Without semicolons the line break ends the statement; on one line only a semicolon does.
  const isOnOneLine = !/^[ \t]*\r?\n/.test(source.slice(body + 1));
  const separator = isOnOneLine ? ';' : semicolon;
  return insertFirst(source, { ...parameters, open: brace, last }, inQuotes(source, use(name)), separator);
}

function use(chain: string): string {
  return `${chain}.plugin('${PACKAGE}').use(${WEBPACK})`;
}

function inQuotes(source: string, text: string): string {
  return text.replace(/'([^']*)'/g, (_whole, inner: string) => quote(source, inner));
}

/** What to write by hand, where the file is not of a shape that is known. */
export const SNIPPETS: Record<Build, string> = {
  vite: `import { serviceMarket } from '${PACKAGE}/unplugin';

export default defineConfig({ plugins: [${VITE}] });`,
  webpack: `const { serviceMarket } = require('${PACKAGE}/unplugin');

module.exports = { plugins: [${WEBPACK}] };`,
  taro: `import { serviceMarket } from '${PACKAGE}/unplugin';

export default {
  mini: { webpackChain(chain) { chain.plugin('${PACKAGE}').use(${WEBPACK}); } },
  // with Vite: compiler: { type: 'vite', vitePlugins: [${VITE}] },
};`,
};
