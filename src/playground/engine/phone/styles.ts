/** Elements of WXML that are elements of the page under another name, so that no style of the browser falls on them. */
const RENAMED = [
  'view',
  'text',
  'scroll-view',
  'icon',
  'block',
  'swiper',
  'swiper-item',
  'rich-text',
  'progress',
];

/** The element of the page that stands for one of WXML. */
export function elementName(tag: string): string {
  if (tag === 'image') return 'img';
  if (tag === 'navigator') return 'a';
  return RENAMED.includes(tag) ? `wx-${tag}` : tag;
}

/** A name of an element in a selector: not a part of a class, an id or another name. */
const TAG = /(^|[\s,>+~(])(page|image|navigator|[a-z]+(?:-[a-z]+)?)(?![\w-])/g;
/** The phone stays light, whatever the browser around it prefers; a width is always at least 0. */
const LIGHT = [
  [/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, '(max-width: 0)'],
  [/\(\s*prefers-color-scheme\s*:\s*light\s*\)/g, '(min-width: 0)'],
] as const;
const RPX = /(-?\d*\.?\d+)rpx\b/g;

/**
 * The styles of a mini-program for the page that shows it: 750rpx are the width of the screen.
 *
 * @param read - the text of an imported sheet
 */
export function toCss(wxss: string, read: (path: string) => string | undefined): string {
  return wxss
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;/g, (_, path: string) =>
      toCss(read(path) ?? '', read),
    )
    .replace(/([^{}]*)\{/g, (_, selector: string) => `${/@/.test(selector) ? selector : renamed(selector)}{`)
    .replace(LIGHT[0][0], LIGHT[0][1])
    .replace(LIGHT[1][0], LIGHT[1][1])
    .replace(RPX, (_, number: string) => `calc(${number} * 100vw / 750)`);
}

function renamed(selector: string): string {
  if (/^\s*(from|to|[\d.]+%)/.test(selector)) return selector;
  return selector.replace(TAG, (_, before: string, tag: string) =>
    tag === 'page' ? `${before}.wx-page` : before + elementName(tag),
  );
}

/** What the platform's own elements look like, and the frame around a page. */
export const BASE_STYLES = `
:root { color-scheme: light; font-family: -apple-system, 'PingFang SC', 'Noto Sans CJK SC', 'Helvetica Neue', sans-serif; }
* { box-sizing: border-box; }
html, body { margin: 0; height: 100%; }
body { display: flex; flex-direction: column; background: #fff; color: #000; }
.wx-bar { display: flex; flex: none; align-items: center; justify-content: center; position: relative; min-height: 44px;
  margin: 0; padding: 0 48px; font-size: 16px; font-weight: 600; background: #fff; color: #000; text-align: center; }
.wx-bar h1 { margin: 0; font: inherit; }
.wx-back { position: absolute; left: 4px; top: 0; width: 44px; height: 44px; border: 0; background: none; color: inherit; font-size: 22px; }
.wx-pages { flex: 1; min-height: 0; overflow: auto; }
.wx-page { display: block; min-height: 100%; }
.wx-page[hidden] { display: none; }
.wx-tabs { display: flex; flex: none; border-top: 1px solid #e5e6eb; background: #fff; }
.wx-tabs button { flex: 1; min-width: 0; padding: 14px 4px; border: 0; background: none; color: #5c6370; font: inherit; font-size: 12px; }
.wx-tabs button[aria-current] { color: #06764a; font-weight: 600; }
wx-view, wx-scroll-view, wx-swiper, wx-swiper-item, form { display: block; }
wx-text { white-space: pre-line; }
wx-page, .wx-page { word-break: break-word; }
:where(.wx-page) button { display: block; width: 100%; margin: 0 auto; padding: 0 14px; border: 0; border-radius: 5px; background: #f2f2f2;
  color: #000; font-family: inherit; font-size: 18px; line-height: 2.55; text-align: center; cursor: pointer; }
:where(.wx-page) button[disabled] { cursor: default; }
:where(.wx-page) img { display: inline-block; width: 320px; height: 240px; max-width: 100%; object-fit: fill; }
:where(.wx-page) input, :where(.wx-page) textarea { width: 100%; border: 0; background: none; color: inherit; font: inherit; resize: none; }
[role=button] { cursor: pointer; }
:focus-visible { outline: 2px solid #2563eb; outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { * { animation-duration: 4s !important; } }
`;
