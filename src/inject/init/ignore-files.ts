// `init` has a file for each kind of text that it edits.
import { RUNTIME_FILE_NAME, CONNECTOR_FILE_NAME } from '../edits/runtime-file';

const TITLE = '# miniprogram-servicemarket';

/**
 * What each of these files gets, where a project has it. Git keeps the injected files: a script that is kept loads
 * them. What a killed run leaves is for nobody.
 */
export const IGNORED: Record<string, string[]> = {
  '.gitignore': ['.servicemarket-journal', '*.servicemarket-new'],
  '.prettierignore': [RUNTIME_FILE_NAME, CONNECTOR_FILE_NAME],
  '.eslintignore': [RUNTIME_FILE_NAME, CONNECTOR_FILE_NAME],
};

/** Appends the lines that are missing; a file without a line end at its end keeps to that. */
export function addIgnored(text: string, lines: string[]): string {
  const present = text.split(/\r?\n/);
  const missing = lines.filter((line) => !present.includes(line));
  if (!missing.length) return text;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const block = [TITLE, ...missing].join(end);
  return text === '' || text.endsWith('\n') ? `${text}${block}${end}` : `${text}${end}${block}`;
}

/** Takes out what {@link addIgnored} put in. */
export function removeIgnored(text: string, lines: string[]): string {
  const any = lines.map((line) => line.replace(/[.*]/g, '\\$&')).join('|');
  const block = `${TITLE}(?:\\r?\\n(?:${any}))+`;
  return text.replace(new RegExp(`(?<=^|\\n)${block}\\r?\\n|\\r?\\n${block}$`), '');
}
