import { toLiteral, withPragmas } from './runtime-file';

// Formatters choose quotes and spaces.
const OURS =
  /^(?:\/\/.*\s+|\/\*.*?\*\/\s*)*[{;]?\s*require\s*\(\s*(["'])(?:\.\.?\/)+servicemarket-compat\.js\1\s*\)\s*\.\s*connectPlugins\s*\(/;

/**
 * The file of a subpackage that connects the plugins which the subpackage declares: they cannot be required before
 * the subpackage is loaded.
 *
 * @param specifier - literal relative path of the main package's runtime file
 * @param names - as the manifest declares them
 */
export function connectorText(specifier: string, names: string[]): string {
  return withPragmas(`require("${specifier}").connectPlugins(${pluginLoadersLiteral(names)});`);
}

/** Whether a text was made by {@link connectorText}. */
export function isConnector(text: string | undefined): boolean {
  return text !== undefined && OURS.test(text);
}

/**
 * The object literal by which the runtime requires plugins when it needs them. Each call is spelt out, because the
 * platform's tools look for `requirePlugin` with a literal argument.
 *
 * @param names - as the manifest declares them
 * @returns an ES5 expression
 */
export function pluginLoadersLiteral(names: string[]): string {
  const loaders = names.map(toLiteral).map((name) => `${name}:function(){return requirePlugin(${name})}`);
  return `{${loaders.join(',')}}`;
}
