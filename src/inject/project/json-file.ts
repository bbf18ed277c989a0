import { JsonSyntaxError, parseJsonFile as parse, type JsonFile } from '../../json';
import { InjectError } from '../errors';

/**
 * Reads a JSON file of the project (src/json/json-file.ts).
 *
 * @param path - relative to the project, with `/`
 * @throws InjectError with line and column when the text is broken or its root is no object
 */
export function parseJsonFile(path: string, text: string): JsonFile {
  try {
    return parse(path, text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new InjectError('brokenJson', { problem: error.problem }, error.location);
  }
}
