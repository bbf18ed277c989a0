/** The Chinese and the English documentation are one: the same pages, headings, tables and samples. */
import path from 'node:path';
import { documentPages, readDocument as read } from '../support/documents';

const pagesOf = (language: string): string[] => documentPages([language]).map((page) => path.basename(page));

const PAGES = pagesOf('en');
const PAIRS = [
  ['README.md', 'README.zh-CN.md'],
  ...PAGES.map((name) => [`docs/en/${name}`, `docs/zh/${name}`]),
];

const FENCE = /^ *```(\w*)\n([^]*?)^ *```$/gm;

/** What a page is made of besides its words: headings with their level, rows with their cells, items, blocks. */
function shapeOf(page: string): string[] {
  const prose = read(page).replace(FENCE, '```$1');
  return prose.split('\n').flatMap((line) => {
    if (line.startsWith('|')) return [`row of ${line.replace(/\\\|/g, '').split('|').length - 2}`];
    const [mark] = /^(#+ | *- | *\d+\. | *```\w*)/.exec(line) ?? [];
    return mark === undefined ? [] : [mark];
  });
}

function samplesOf(page: string): { language: string; code: string }[] {
  return [...read(page).matchAll(FENCE)].map(([, language, code]) => ({ language, code }));
}

/** Lines of code without comments, which are in the reader's language. */
function linesOf({ code }: { code: string }): string[] {
  const withoutComments = code
    .replace(/\/\*\*?[^]*?\*\//g, '')
    .replace(/(^|\s)(#|\/\/)( .*|$)/gm, '')
    .replace(/[^\S\n]+$/gm, '');
  return withoutComments.split('\n');
}

/** Whether two lines are the same but for what stands in Chinese in the second: a string, or the text of a tag. */
function isSameLine(english: string, chinese: string | undefined): boolean {
  if (chinese === undefined || !/\p{Script=Han}/u.test(chinese)) return english === chinese;
  const parts = chinese.split(/[^'"`<>{}]*\p{Script=Han}[^'"`<>{}]*/u);
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(english);
}

/** The lines of a diagram without their labels: nodes, arrows, participants. */
function skeletonOf({ code }: { code: string }): string[] {
  return code.split('\n').map((line) =>
    line
      .replace(/"[^"]*"/g, '""')
      .replace(/([[({])[^\][(){}"]+([\])}])/g, '$1$2')
      .replace(/ -- .* -->/, ' -->')
      .replace(/: .*$/, ':')
      .replace(/ as .*$/, ' as'),
  );
}

const inBoth = PAGES.filter((name) => pagesOf('zh').includes(name));
process.stderr.write(`Pages in both languages: ${inBoth.length} of ${PAGES.length}\n`);

test('the same pages are there in both languages', () => {
  expect(pagesOf('zh')).toEqual(PAGES);
});

describe.each(PAIRS)('%s and %s', (english, chinese) => {
  test('have the same headings, tables, lists and blocks', () => {
    expect(shapeOf(chinese)).toEqual(shapeOf(english));
  });

  test('have the same samples', () => {
    const [inEnglish, inChinese] = [samplesOf(english), samplesOf(chinese)];
    expect(inChinese.map(({ language }) => language)).toEqual(inEnglish.map(({ language }) => language));
    inEnglish.forEach((sample, index) => {
      if (sample.language === 'mermaid') {
        expect(skeletonOf(inChinese[index])).toEqual(skeletonOf(sample));
        return;
      }
      const [lines, translated] = [linesOf(sample), linesOf(inChinese[index])];
      const different = lines.filter((line, at) => !isSameLine(line, translated[at]));
      expect({ different, length: translated.length }).toEqual({ different: [], length: lines.length });
    });
  });
});
