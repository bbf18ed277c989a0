import { applyEdits, modify } from 'jsonc-parser';
import type { JsonFile, JsonNode } from '../../json';

const SWITCH = '"servicemarket": true';

/**
 * Sets or removes one value of a JSON text; every other byte stays, comments and the byte order mark too.
 *
 * @param value - undefined removes the key
 */
export function setJsonValue(text: string, path: string[], value: unknown): string {
  const mark = text.charCodeAt(0) === 0xfeff ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  // JSON on one line stays there.
  const options = body.includes('\n') ? { formattingOptions: formattingOf(body) } : {};
  return mark + applyEdits(body, modify(body, path, value, options));
}

/**
 * Sets `"servicemarket": true` as the first key of an object, so that nothing else of it is formatted anew.
 *
 * @param owner - where the object is; it is made where there is none
 */
export function addSwitch(manifest: JsonFile, owner: string[] = []): string {
  const { text } = manifest;
  const object = manifest.node(owner);
  if (!object) return addFirst(text, manifest.node([]), `"${owner[0]}": { ${SWITCH} }`);
  const present = manifest.node([...owner, 'servicemarket']);
  if (present?.value === true) return text;
  return present ? setJsonValue(text, [...owner, 'servicemarket'], true) : addFirst(text, object, SWITCH);
}

/** Takes out what {@link addSwitch} put in, or the key where its owner wrote it. */
export function removeSwitch(manifest: JsonFile, owner: string[] = []): string {
  const { text } = manifest;
  if (manifest.node([...owner, 'servicemarket'])?.value !== true) return text;
  const made = owner.length
    ? removeFirst(text, manifest.node([]), `"${owner[0]}": { ${SWITCH} }`)
    : undefined;
  return (
    made ??
    removeFirst(text, manifest.node(owner), SWITCH) ??
    setJsonValue(text, [...owner, 'servicemarket'], undefined)
  );
}

/** Writes a member directly behind an object's brace, spaced as what stands there now. */
function addFirst(text: string, object: JsonNode | undefined, member: string): string {
  const behindBrace = (object?.offset ?? 0) + 1;
  const rest = text.slice(behindBrace);
  const space = /^[ \t]*\r?\n\s*|^ ?/.exec(rest)?.[0] ?? '';
  return /^\s*\}/.test(rest)
    ? text.slice(0, behindBrace) + member + rest
    : `${text.slice(0, behindBrace)}${space}${member},${rest}`;
}

/** @returns undefined where the member does not stand as {@link addFirst} writes it */
function removeFirst(text: string, object: JsonNode | undefined, member: string): string | undefined {
  const behindBrace = (object?.offset ?? 0) + 1;
  const rest = text.slice(behindBrace);
  const ours = new RegExp(`^\\s*${member.replace(/[{}]/g, '\\$&')},?`).exec(rest);
  return ours ? text.slice(0, behindBrace) + rest.slice(ours[0].length) : undefined;
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
