import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { text as translate } from '../texts';
import { formatLocation, locationAt } from './source-location';
import type { SourceLocation } from './source-location';

/** ParseErrorCode.ValueExpected: the package declares a const enum, which one file alone cannot read. */
const VALUE_EXPECTED = 4;

/** Keys and indexes from the root to a value. */
export type JsonPath = (string | number)[];

/** A value with the offset at which it begins in the text. */
export interface JsonNode {
  offset: number;
  type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  value?: unknown;
}

/** A text that is not JSON, or whose root is not an object; the message begins with the location. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  /** @param problem - what is wrong, without the final stop */
  constructor(
    readonly problem: string,
    readonly location: SourceLocation,
  ) {
    super(`${formatLocation(location)}: ${problem}`);
  }
}

/** A parsed JSON file that can locate its values. */
export interface JsonFile {
  /** Relative to the project, with `/`. */
  path: string;
  text: string;
  value: Record<string, unknown>;
  /** @returns the value's node, or undefined */
  node(path: JsonPath): JsonNode | undefined;
  /** @returns the location of a value or of its key, or of the file where there is no such value */
  locate(path: JsonPath, part?: 'value' | 'key'): SourceLocation;
}

/**
 * Reads JSON as people write it: comments, trailing commas and a byte order mark are accepted, because the
 * text is edited in place and never printed anew.
 *
 * @throws JsonSyntaxError with line and column when the text is broken or its root is no object
 */
export function parseJsonFile(path: string, text: string): JsonFile {
  let parsed: Node | undefined;
  const tree = (): Node => (parsed ??= parsePositions(path, text));
  return {
    path,
    text,
    value: parseStrictly(text) ?? (getNodeValue(tree()) as Record<string, unknown>),
    node: (keys) => findNodeAtLocation(tree(), keys),
    locate(keys, part = 'value') {
      const value = findNodeAtLocation(tree(), keys);
      const node = part === 'key' ? value?.parent : value;
      return node ? locationAt(path, text, node.offset) : { file: path };
    },
  };
}

/**
 * The engine's own parser is some ten times faster than one that knows positions, and most files are plain
 * JSON whose positions nobody asks for.
 *
 * @returns undefined for what is no plain JSON, or no object: the other parser accepts it or says where it is wrong
 */
function parseStrictly(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parsePositions(path: string, text: string): Node {
  const errors: ParseError[] = [];
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // A space in place of the mark, so that offsets are those of the file.
  const root = parseTree(mark ? ` ${text.slice(1)}` : text, errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  if (errors.length || !root) {
    // No root without an error: the file is empty.
    const { error, offset } = errors[0] ?? { error: VALUE_EXPECTED, offset: 0 };
    const problem = printParseErrorCode(error) as Exclude<
      ReturnType<typeof printParseErrorCode>,
      `<${string}`
    >;
    throw new JsonSyntaxError(translate(problem), locationAt(path, text, offset));
  }
  if (root.type !== 'object') {
    throw new JsonSyntaxError(
      translate('notAnObject', { found: root.type }),
      locationAt(path, text, root.offset),
    );
  }
  return root;
}
