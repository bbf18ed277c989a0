/** The tests of this folder again, on the simulator in a page, in Chromium: what ships for pages behaves as in Node. */
import { CHROMIUM_MISSING, openInChromium, serveFolder } from '../support/chromium';
import { temporaryFolder } from '../support/files';
import { buildPage, suiteFiles } from './support/in-chromium/build-page';
import { DeclaredTests } from './support/in-chromium/declared-tests';
import { EXCLUDED, isExcluded } from './support/in-chromium/excluded';
import type { Result } from './support/in-chromium/page/main';

const titles = titlesOfSuites();
const included = titles.filter((title) => !isExcluded(title));

/** Loads the suites for their names alone. */
function titlesOfSuites(): string[] {
  const declared = new DeclaredTests();
  const own = { describe, test, beforeAll, beforeEach, afterEach, afterAll };
  Object.assign(globalThis, declared.globals());
  try {
    for (const [name, file] of Object.entries(suiteFiles())) {
      declared.beginSuite(name);
      jest.requireActual(file);
    }
  } finally {
    Object.assign(globalThis, own);
  }
  return declared.tests.map(({ title }) => title);
}

test('what is excluded is there, and names of tests are their own', () => {
  for (const beginning of Object.keys(EXCLUDED)) {
    expect(titles.filter((title) => title.startsWith(beginning))).not.toEqual([]);
  }
  expect(new Set(titles).size).toBe(titles.length);
});

const describeInChromium = CHROMIUM_MISSING ? describe.skip : describe;

describeInChromium(`simulator in Chromium${CHROMIUM_MISSING && ` [to run it: ${CHROMIUM_MISSING}]`}`, () => {
  const results = new Map<string, Result>();
  let errors: string[];

  beforeAll(async () => {
    const folder = temporaryFolder();
    await buildPage(folder);
    const opened = await openInChromium(await serveFolder(folder));
    errors = opened.errors;
    // Otherwise the page's own script has failed.
    expect(errors).toEqual([]);
    const all = (await opened.page.evaluate('runSuites()')) as Result[];
    for (const result of all) results.set(result.title, result);
  });

  test('runs all that is not excluded, and no error is left over', () => {
    expect([...results.keys()]).toEqual(included);
    expect(errors).toEqual([]);
  });

  test.each(included)('%s', (title) => {
    const { error } = results.get(title) ?? { error: 'It did not run.' };
    if (error !== undefined) throw new Error(error);
  });
});
