/** Where each page of the repository stands in the site, and what its links become there. */
import path from 'node:path/posix';
import type { MarkdownRenderer } from 'vitepress';

/** Pages outside docs/ that the site has too. */
const OTHER_PAGES: Record<string, string> = {
  'CHANGELOG.md': 'en/insiders/changelog.md',
  'CONTRIBUTING.md': 'en/insiders/contributing.md',
  'demo-miniprogram/README.md': 'en/insiders/demo.md',
  'docs/README.md': 'en/insiders/index.md',
};

/** Pages that the site leads to its own front pages. */
const FRONT_PAGES: Record<string, string> = { 'README.md': 'en/index.md', 'README.zh-CN.md': 'index.md' };

/** What the site is made of, beside the pages of docs/. */
export const PAGES_OUTSIDE_DOCS = Object.keys(OTHER_PAGES).filter((page) => !page.startsWith('docs/'));

/**
 * The place in the site of a page of the repository: Chinese at the root, English under en/, and what is for those
 * who work on the package under en/insiders/.
 *
 * @param page its path in the repository
 */
export function placeInSite(page: string): string {
  if (page in OTHER_PAGES) return OTHER_PAGES[page];
  if (page.startsWith('docs/zh/')) return page.slice('docs/zh/'.length);
  if (page.startsWith('docs/en/')) return page.slice('docs/'.length);
  return page.replace(/^docs\//, 'en/insiders/');
}

/** A heading's fragment as GitHub makes it, so that one link serves there and in the site. */
export function slugify(heading: string): string {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return kept.trim().replace(/\s/g, '-');
}

/**
 * Makes links that are relative in the repository relative in the site. Links to files that are no pages lead to the
 * copies that the build puts under files/.
 *
 * @param onFile is called with the path of each such file
 */
export function resolveLinks(md: MarkdownRenderer, onFile: (file: string) => void): void {
  md.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
    // VitePress's `path` is the place in the site where that differs.
    const { realPath, path: sitePath } = env as { realPath?: string; path?: string };
    const source = realPath ?? sitePath;
    if (!source) return;
    const page = path.relative(process.cwd(), source);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
      const [file, fragment] = href.split('#');
      const target = path.join(path.dirname(page), file);
      if (!/\.md$/.test(target)) {
        onFile(target);
        token.attrSet('href', `/files/${target}`);
        token.attrSet('target', '_blank');
      } else {
        const site = FRONT_PAGES[target] ?? placeInSite(target);
        token.attrSet('href', `/${site}${fragment === undefined ? '' : `#${fragment}`}`);
      }
    }
  });
}
