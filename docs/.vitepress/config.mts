/** The documentation site: `npm run docs:dev`, `npm run docs:build`. */
import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';
import { navigationOf, PAGES, sidebarOf } from './navigation.mjs';
import { PAGES_OUTSIDE_DOCS, placeInSite, resolveLinks, slugify } from './routes.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PUBLIC = path.join(ROOT, 'docs/public');

/** Folders of the repository whose pages are not the site's. */
const outside = fs
  .readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'docs')
  .map(({ name }) => name);
const isPage = (name: string): boolean => PAGES_OUTSIDE_DOCS.some((page) => page.startsWith(`${name}/`));
const EXCLUDED = [
  'README*.md',
  ...outside.filter((name) => !isPage(name)).map((name) => `${name}/**`),
  'demo-miniprogram/*/**',
  'docs/.vitepress/**',
  'docs/public/**',
];

/** Files that pages link to; they are copied beside the built pages. */
const linkedFiles = new Set<string>();

// VitePress looks for dead links in pages alone.
for (const language of ['zh', 'en']) {
  const written = fs.readdirSync(path.join(ROOT, 'docs', language)).filter((name) => name.endsWith('.md'));
  const pages = written.map((name) => name.replace(/\.md$/, '')).filter((page) => page !== 'index');
  const wrong = [
    ...pages.filter((page) => !PAGES.has(page)),
    ...[...PAGES].filter((page) => !pages.includes(page)),
  ];
  if (wrong.length > 0) throw new Error(`docs/${language} and the sidebar differ: ${wrong.join(', ')}.`);
}

/** Words of Chinese have no spaces between them, so that a search needs them told apart. */
function tokenize(text: string): string[] {
  const words = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
  return Array.from(words).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

export default defineConfig({
  title: 'miniprogram-servicemarket',
  base: (process.env.DOCS_BASE as `/${string}/` | undefined) ?? '/',
  srcDir: '..',
  srcExclude: EXCLUDED,
  rewrites: placeInSite,
  cacheDir: '../.cache/vitepress',
  cleanUrls: true,
  // There is no icon, and browsers shall not ask for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify },
    // Shiki has no configuration of Redis; that of INI files is near.
    languageAlias: { redis: 'ini' },
    // GitHub knows no attributes in braces, and pages write of objects.
    attrs: { disable: true },
    config: (md) => resolveLinks(md, (file) => linkedFiles.add(file)),
  },
  vite: {
    publicDir: PUBLIC,
    define: { __HAS_PLAYGROUND__: fs.existsSync(path.join(PUBLIC, 'try/index.html')) },
    // Diagrams are one large piece that only pages with diagrams load.
    build: { chunkSizeWarningLimit: 3000 },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize } },
        locales: {
          root: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                noResultsText: '没有结果',
                resetButtonTitle: '清除',
                displayDetails: '显示详情',
                footer: { selectText: '打开', navigateText: '切换', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
  locales: {
    root: {
      label: '简体中文',
      lang: 'zh-CN',
      description: '让每个小程序环境都用上最新的 wx.serviceMarket',
      themeConfig: {
        nav: navigationOf('zh'),
        sidebar: sidebarOf('zh'),
        outline: { level: [2, 3], label: '本页内容' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        sidebarMenuLabel: '菜单',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
        skipToContentLabel: '跳到内容',
        notFound: { title: '没有这个页面', quote: '', linkText: '回到首页', linkLabel: '回到首页' },
      },
    },
    en: {
      label: 'English',
      lang: 'en',
      description: 'The newest wx.serviceMarket on every mini-program host',
      themeConfig: {
        nav: navigationOf('en'),
        sidebar: sidebarOf('en'),
        outline: { level: [2, 3], label: 'On this page' },
      },
    },
  },
  buildEnd({ outDir }) {
    for (const file of linkedFiles) {
      fs.cpSync(path.join(ROOT, file), path.join(outDir, 'files', file), { recursive: true });
    }
  },
});
