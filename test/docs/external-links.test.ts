/** Addresses outside stand in one list, with where each is known from: nobody can try them in a test. */
import { documentPages, readDocument } from '../support/documents';

const externalLinks = JSON.parse(readDocument('docs/external-links.json')) as Record<
  'url' | 'what' | 'source',
  string
>[];
const LISTED = externalLinks.map(({ url }) => url);

/** Hosts of samples, which nobody has. */
const INVENTED = /^(?:[\w-]+\.)*example\.com$/;

/** The addresses that a page leads to or writes of, without what samples invent. */
function addressesIn(page: string): string[] {
  const found = readDocument(page).match(/https?:\/\/[\w.-]+\.[a-z]{2,}(?:[/?][\w/.%-]*)?/g) ?? [];
  return found.map((url) => url.replace(/[.,]$/, '')).filter((url) => !INVENTED.test(new URL(url).hostname));
}

test.each(documentPages(['en', 'zh']))('the addresses of %s are listed', (page) => {
  const unlisted = addressesIn(page).filter((url) => !LISTED.includes(url));
  expect(unlisted).toEqual([]);
});

test('every listed address is used, says where it is known from, and stands once', () => {
  const used = new Set(documentPages(['en', 'zh']).flatMap(addressesIn));
  expect(LISTED.filter((url) => !used.has(url))).toEqual([]);
  expect(externalLinks.filter(({ what, source }) => !what || !source)).toEqual([]);
  expect(new Set(LISTED).size).toBe(LISTED.length);
});
