import type { JsonFile } from '../../json';
import { RUNTIME_FILE_NAME } from './runtime-file';

const PROPERTY = `"entry":"${RUNTIME_FILE_NAME}",`;
const FORMATTED = new RegExp(
  `(\\{\\s*)"entry"\\s*:\\s*"${RUNTIME_FILE_NAME.replace('.', '\\.')}"\\s*,\\s*`,
  'g',
);

/**
 * Names the runtime file as `entry` of subpackages, directly after the opening brace, so that nothing else moves
 * and {@link removeEntry} restores the same bytes.
 *
 * @param subpackages - key and index of each, in the manifest
 * @returns the manifest's new text
 */
export function addEntry(manifest: JsonFile, subpackages: [key: string, index: number][]): string {
  const braces = subpackages
    .filter((path) => !manifest.node([...path, 'entry']))
    .map((path) => manifest.node(path)?.offset)
    .filter((offset) => offset !== undefined);
  // From the last to the first, so that an insertion does not move the offsets that are left.
  return braces
    .sort((a, b) => b - a)
    .reduce((text, brace) => text.slice(0, brace + 1) + PROPERTY + text.slice(brace + 1), manifest.text);
}

/** Takes out what {@link addEntry} put in, formatted or not. */
export function removeEntry(text: string): string {
  return text.replaceAll(`{${PROPERTY}`, '{').replace(FORMATTED, '$1');
}
