import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { JSONPath, Node, ParseError } from 'jsonc-parser';
import { InjectError, placeAt } from './errors';
import type { FaultPlace } from './errors';

/** A parsed JSON file that remembers where its values stand. */
export interface JsonFile {
  /** Relative to the project, with `/`. */
  path: string;
  text: string;
  value: Record<string, unknown>;
  /** @returns the value's node, or undefined */
  node(path: JSONPath): Node | undefined;
  /** @returns the place of a value or of its key, or of the file where there is no such value */
  place(path: JSONPath, part?: 'value' | 'key'): FaultPlace;
}

/**
 * Reads JSON as people write it: comments, trailing commas and a byte order mark are accepted, because the
 * text is edited in place and never printed anew.
 *
 * @throws InjectError with line and column when the text is broken or its root is no object
 */
export function parseJsonFile(path: string, text: string): JsonFile {
  const errors: ParseError[] = [];
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // A space instead of the mark keeps every offset true to the file.
  const root = parseTree(mark ? ` ${text.slice(1)}` : text, errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  if (errors.length || !root) {
    const { error, offset } = errors[0] ?? { error: 4, offset: 0 };
    const cause = `${printParseErrorCode(error)
      .replace(/([A-Z])/g, ' $1')
      .trim()
      .toLowerCase()} in JSON`;
    throw new InjectError('read the project', cause, 'Correct the file', placeAt(path, text, offset));
  }
  if (root.type !== 'object') {
    const place = placeAt(path, text, root.offset);
    throw new InjectError(
      'read the project',
      `an object is expected, found ${root.type}`,
      'Correct the file',
      place,
    );
  }
  return {
    path,
    text,
    value: getNodeValue(root) as Record<string, unknown>,
    node: (location) => findNodeAtLocation(root, location),
    place(location, part = 'value') {
      const value = findNodeAtLocation(root, location);
      const node = part === 'key' ? value?.parent : value;
      return node ? placeAt(path, text, node.offset) : { file: path };
    },
  };
}
