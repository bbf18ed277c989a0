import type { Language } from '../engine/types';
import { inChinese } from './demo-texts';
import type { ExampleName } from './store';

type Sources = Record<string, string>;

/** The file that is shown first. */
export const FIRST_FILES: Record<ExampleName, string> = {
  ocr: 'miniprogram/pages/ocr/ocr.js',
  progress: 'miniprogram/pages/progress/progress.js',
  'long-task': 'miniprogram/pages/long-task/long-task.js',
  plugin: 'plugin/index.js',
};

/** Files that say little about a call: of other pages, and most of what is no code. */
const ASIDE = /^miniprogram\/pages\/service\/|\.json$/;
const KINDS = ['.js', '.wxml', '.wxss', '.json'];

let loaded: Promise<Record<ExampleName, Sources>> | undefined;

/** The files of a project as they are shipped, in a language. */
export async function sourcesOf(example: ExampleName, language: Language): Promise<Sources> {
  loaded ??= fetch('sources.json').then((response) => response.json() as never);
  const entries = Object.entries((await loaded)[example]).map(
    ([path, text]) => [path, language === 'zh' ? inChinese(text) : text] as const,
  );
  return Object.fromEntries(entries);
}

/** Those of a project's files that are shown, the page's own first. */
export function shownFiles(sources: Sources, example: ExampleName): string[] {
  const folder = FIRST_FILES[example].replace(/[^/]+$/, '');
  const rank = (path: string): string => {
    const near = path.startsWith(folder) ? 0 : path.includes('/pages/') ? 1 : 2;
    return `${near} ${KINDS.findIndex((extension) => path.endsWith(extension))} ${path}`;
  };
  return Object.keys(sources)
    .filter((path) => path === 'miniprogram/app.json' || !ASIDE.test(path))
    .sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
