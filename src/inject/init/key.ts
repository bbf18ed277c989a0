/** `"servicemarket": true` in the sources of a framework's project, which its build copies to app.json. */
import { parseJsonFile } from '../project/json-file';
import { addSwitch, removeSwitch } from './json-edits';
import { findExportedObject, insertFirst, removeFirst } from './source-edits';

const MEMBER = 'servicemarket: true';
const PATTERN = 'servicemarket: true,?';
/** A block of a single-file component that becomes the JSON of its page or app. */
const JSON_BLOCK =
  /<script\b[^>]*\b(?:type=["']application\/json["']|name=["']json["'])[^>]*>([\s\S]*?)<\/script>/;

/**
 * Adds the key: to a JSON file, at `mp-weixin` where uni-app wants it; to the object that a script exports; to the
 * JSON block of an app.mpx.
 *
 * @returns the new text, or undefined where the file is not of a shape that is known
 */
export function addKey(path: string, source: string): string | undefined {
  if (path.endsWith('.json')) return addSwitch(parseJsonFile(path, source), ownerOf(path));
  if (!path.endsWith('.mpx')) return addToScript(source);
  return inJsonBlock(source, (block) =>
    block.trimStart().startsWith('{') ? addSwitch(parseJsonFile(path, block), []) : addToScript(block),
  );
}

/** Takes out what {@link addKey} put in. */
export function removeKey(path: string, source: string): string {
  if (path.endsWith('.json')) return removeSwitch(parseJsonFile(path, source), ownerOf(path));
  if (!path.endsWith('.mpx')) return removeFirst(source, PATTERN);
  const without = inJsonBlock(source, (block) =>
    block.trimStart().startsWith('{')
      ? removeSwitch(parseJsonFile(path, block), [])
      : removeFirst(block, PATTERN),
  );
  return without ?? source;
}

/** uni-app's manifest.json is for all platforms. */
function ownerOf(path: string): string[] {
  return path.endsWith('manifest.json') ? ['mp-weixin'] : [];
}

function addToScript(source: string): string | undefined {
  if (/\bservicemarket\s*:/.test(source)) return source;
  const object = findExportedObject(source);
  return object && insertFirst(source, object, MEMBER);
}

function inJsonBlock(source: string, edit: (block: string) => string | undefined): string | undefined {
  const found = JSON_BLOCK.exec(source);
  if (!found) return undefined;
  const edited = edit(found[1]);
  if (edited === undefined) return undefined;
  const start = found.index + found[0].lastIndexOf(found[1]);
  return source.slice(0, start) + edited + source.slice(start + found[1].length);
}
