import type { JsonFile } from '../../json';
import { ARTIFACT_NAME } from './runtime-file';

const PROPERTY = `"entry":"${ARTIFACT_NAME}",`;
const FORMATTED = new RegExp(`(\\{\\s*)"entry"\\s*:\\s*"${ARTIFACT_NAME.replace('.', '\\.')}"\\s*,\\s*`, 'g');

/**
 * Names the copy as `entry` of subpackages, right behind the opening brace, so that nothing else moves and
 * {@link removeEntry} gives back the very bytes.
 *
 * @param subpackages - key and index of each, in the manifest
 * @returns the manifest's new text
 */
export function setEntry(manifest: JsonFile, subpackages: [key: string, index: number][]): string {
  const braces = subpackages
    .filter((at) => !manifest.node([...at, 'entry']))
    .map((at) => manifest.node(at)?.offset)
    .filter((offset) => offset !== undefined);
  return braces
    .sort((a, b) => b - a)
    .reduce((text, brace) => text.slice(0, brace + 1) + PROPERTY + text.slice(brace + 1), manifest.text);
}

/** Takes out what {@link setEntry} put in, formatted or not. */
export function removeEntry(text: string): string {
  return text.replaceAll(`{${PROPERTY}`, '{').replace(FORMATTED, '$1');
}
