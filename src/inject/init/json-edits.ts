import { applyEdits, modify } from 'jsonc-parser';
import type { JsonFile } from '../../json';

const SWITCH = '"servicemarket": true';

/**
 * Sets or removes one value of a JSON text; every other byte stays, comments and the byte order mark too.
 *
 * @param value - undefined removes the key
 */
export function setJsonValue(text: string, path: string[], value: unknown): string {
  const mark = text.charCodeAt(0) === 0xfeff ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  return mark + applyEdits(body, modify(body, path, value, { formattingOptions: formattingOf(body) }));
}

/** Sets `"servicemarket": true` as the first key of a manifest, so that nothing else of it is formatted anew. */
export function addSwitch(manifest: JsonFile): string {
  const { text, value } = manifest;
  if (value.servicemarket === true) return text;
  if ('servicemarket' in value) return setJsonValue(text, ['servicemarket'], true);
  const behindBrace = (manifest.node([])?.offset ?? 0) + 1;
  const rest = text.slice(behindBrace);
  const space = /^[ \t]*\r?\n\s*/.exec(rest)?.[0] ?? '';
  const comma = Object.keys(value).length ? ',' : '';
  return text.slice(0, behindBrace) + space + SWITCH + comma + rest;
}

/** Takes out what {@link addSwitch} put in, or the key where its owner wrote it. */
export function removeSwitch(manifest: JsonFile): string {
  const { text, value } = manifest;
  if (value.servicemarket !== true) return text;
  const behindBrace = (manifest.node([])?.offset ?? 0) + 1;
  const rest = text.slice(behindBrace);
  const ours = new RegExp(`^\\s*${SWITCH},?`).exec(rest);
  if (!ours) return setJsonValue(text, ['servicemarket'], undefined);
  return text.slice(0, behindBrace) + rest.slice(ours[0].length);
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
