/**
 * Looks over JSON strings that are not parsed yet. Most of a large one is inside strings, which the engine's own search
 * passes over fast: a loop over 4 MiB of characters holds every other request up for 40 ms.
 */

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts commas and opening brackets outside strings: at least as many as there are values, members included, but the
 * root.
 *
 * @param max - beyond it nothing more is counted
 */
export function countValues(json: string, max: number): number {
  let count = 0;
  visitOutsideStrings(json, (code) => {
    if (code === COMMA || code === OPEN_BRACKET || code === OPEN_BRACE) count++;
    return count <= max;
  });
  return count;
}

/** Whether lists and objects are nested in more than `max` levels. */
export function isDeeperThan(json: string, max: number): boolean {
  let depth = 0;
  visitOutsideStrings(json, (code) => {
    if (code === OPEN_BRACKET || code === OPEN_BRACE) depth++;
    else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth--;
    return depth <= max;
  });
  return depth > max;
}

/** Calls `visit` with the code of each character outside strings, until it returns false. */
function visitOutsideStrings(json: string, visit: (code: number) => boolean): void {
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) i = endOfString(json, i);
    else if (!visit(code)) return;
  }
}

/** The index of the quote that ends the string which begins at `start`. */
function endOfString(json: string, start: number): number {
  let end = start;
  let isEscaped: boolean;
  do {
    end = json.indexOf('"', end + 1);
    if (end < 0) return json.length;
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    isEscaped = backslashes % 2 === 1;
  } while (isEscaped);
  return end;
}
