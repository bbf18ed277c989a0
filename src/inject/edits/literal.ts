/** JSON as a JavaScript expression: the two line separators are legal in JSON but not in an ES5 string. */
export function toLiteral(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (separator) =>
    separator === '\u2028' ? '\\u2028' : '\\u2029',
  );
}
