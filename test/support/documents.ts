/** The project's documents, as tests read them. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './files';

/** @param document - relative to the project's root */
export function readDocument(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), 'utf8');
}

/** The cells of a document's table rows whose first cell matches. */
export function tableRows(document: string, first: RegExp): string[][] {
  return readDocument(document)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, cell]) => first.test(cell))
    .map((cells) => cells.slice(1, -1));
}

/**
 * Where docs/en/deploy.md lists the keys of relay.config.json: each with its default as JSON, '' where there is none.
 * Secrets, in capitals, have a table of their own.
 */
export function relayDefaults(document = 'docs/en/deploy.md'): [key: string, value: string][] {
  return tableRows(document, /^`[a-z][\w.]*`$/).map(([key, , value]) => [
    key.slice(1, -1),
    value.replace(/`/g, ''),
  ]);
}

/** The Markdown pages in folders of docs/; `.` is docs/ itself. */
export function documentPages(folders: string[]): string[] {
  return folders.flatMap((folder) => {
    const names = fs.readdirSync(path.join(ROOT, 'docs', folder));
    return names.filter((name) => name.endsWith('.md')).map((name) => path.posix.join('docs', folder, name));
  });
}
