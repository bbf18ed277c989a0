/** A position in a file; `line` and `column` count from 1. */
export interface SourceLocation {
  file: string;
  line?: number;
  column?: number;
}

/** @returns `file`, `file:line` or `file:line:column`, as editors and terminals link it */
export function formatLocation({ file, line, column }: SourceLocation): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/**
 * @param offset - index into `text`, in UTF-16 units
 * @returns the location of that index; a byte order mark counts as no column
 */
export function locationAt(file: string, text: string, offset: number): SourceLocation {
  const before = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, offset).split(/\r\n|[\n\r]/);
  return { file, line: before.length, column: before[before.length - 1].length + 1 };
}
