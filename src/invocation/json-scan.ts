/**
 * Looks over JSON strings that are not parsed yet. What a large one is made of, strings above all, is passed over by the
 * engine's own searches: a loop over 4 MiB of characters holds every other request up for 40 ms.
 */

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
/** What is looked at; from anything else, however long it is, the next of these is searched. */
const SIGN = /["[\]{},]/g;

/**
 * Counts commas and opening brackets outside strings: at least as many as there are values, members included, but the
 * root.
 *
 * @param max - beyond it nothing more is counted
 */
export function countValues(json: string, max: number): number {
  let count = 0;
  visitOutsideStrings(json, (change) => {
    if (change >= 0) count++;
    return count <= max;
  });
  return count;
}

/** Whether lists and objects are nested in more than `max` levels. */
export function isDeeperThan(json: string, max: number): boolean {
  let isDeeper = false;
  visitOutsideStrings(json, (_change, depth) => {
    isDeeper = depth > max;
    return !isDeeper;
  });
  return isDeeper;
}

/**
 * Looks at each comma and bracket outside strings, up to a bracket that closes nothing: what follows is no JSON.
 *
 * @param visit - called with the levels that open (1), close (-1) or stay (0, a comma), and how many are open then;
 *   returns false when it has seen enough
 */
function visitOutsideStrings(json: string, visit: (change: number, depth: number) => boolean): void {
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(json, i);
      continue;
    }
    let change = 0;
    if (code === OPEN_BRACKET || code === OPEN_BRACE) change = 1;
    else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) change = -1;
    else if (code !== COMMA) {
      SIGN.lastIndex = i;
      if (!SIGN.test(json)) return;
      i = SIGN.lastIndex - 2;
      continue;
    }
    depth += change;
    if (depth < 0 || !visit(change, depth)) return;
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
