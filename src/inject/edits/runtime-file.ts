import { createHash } from 'node:crypto';
import { InjectError } from '../errors';

/** The name of the injected file in every place that it is put. */
export const ARTIFACT_NAME = 'servicemarket-compat.js';

/** The name of the file that connects a subpackage's plugins. */
export const CONNECTOR_NAME = 'servicemarket-plugins.js';

const HEAD = /^\/\*! miniprogram-servicemarket v(\S+) (\S+) sha256:([0-9a-f]{16}) \*\/\r?\n/;
const SLOT = /\{\}\);(\s*)$/;

/** What the first line of a built or injected runtime says. */
export interface ArtifactHead {
  version: string;
  /** What it is made of: names of channels, `plugins` for the part that plugins call, or `plugin` alone. */
  parts: string[];
  /** False when the text below the head was edited. */
  intact: boolean;
}

/** @returns the head, or undefined when the text is not this package's runtime */
export function readArtifact(text: string): ArtifactHead | undefined {
  const head = HEAD.exec(text);
  if (!head) return undefined;
  const [line, version, parts, checksum] = head;
  return {
    version,
    parts: parts.split('+'),
    intact: checksum === checksumOf(text.slice(line.length)),
  };
}

/**
 * Writes arguments into a built runtime: the object literal at its end is the slot.
 *
 * @param built - text of a file of `dist/`
 * @param slot - ES5 expressions, with commas between them
 * @param source - the file's name, for the error
 * @returns the text with the arguments and a fresh checksum; still ES5
 * @throws InjectError when `built` has no head, was edited, or has no empty slot
 */
export function fillArtifact(built: string, slot: string, source: string): string {
  const head = readArtifact(built);
  if (!head?.intact || !SLOT.test(built)) {
    const cause = head && !head.intact ? 'its checksum does not match' : 'it is not a built runtime';
    throw new InjectError('use the built runtime', cause, 'Install the package again', { file: source });
  }
  const body = built.slice(built.indexOf('\n') + 1).replace(SLOT, (_slot, end: string) => `${slot});${end}`);
  return `/*! miniprogram-servicemarket v${head.version} ${head.parts.join('+')} sha256:${checksumOf(body)} */\n${body}`;
}

/** @returns how a copy differs from the runtime that has to be there; undefined when there is no copy, or no difference */
export function compareArtifacts(copy: string | undefined, wanted: string | undefined): string | undefined {
  const head = copy === undefined || copy === wanted ? undefined : readArtifact(copy);
  const own = readArtifact(wanted ?? '');
  if (!head || !own) return undefined;
  if (!head.intact) return 'was edited';
  if (head.version !== own.version) return `is version ${head.version}, the package is ${own.version}`;
  return 'has another configuration';
}

function checksumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
