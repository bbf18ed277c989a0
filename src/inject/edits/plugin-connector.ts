import { pluginThunks } from './thunks';

// Formatters choose quotes and spaces.
const OURS = /^;?require\s*\(\s*(["'])(?:\.\.?\/)+servicemarket-compat\.js\1\s*\)\s*\.\s*connectPlugins\s*\(/;

/**
 * The file of a subpackage that connects the plugins which the subpackage declares: they are not there before it.
 *
 * @param specifier - literal relative path of the main copy of the runtime
 * @param names - as the manifest declares them
 */
export function connectorText(specifier: string, names: string[]): string {
  return `require("${specifier}").connectPlugins(${pluginThunks(names)});\n`;
}

/** Whether a text is a file of {@link connectorText}. */
export function isConnector(text: string | undefined): boolean {
  return text !== undefined && OURS.test(text);
}
