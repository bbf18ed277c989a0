/** Built pages in a real browser. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { cleanUpAfterSuite, cleanUpAfterTest } from './cleanup';
import { openServer } from './servers';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env.CHROMIUM ?? PROGRAMS.find(existsSync);

/** What to do for the tests to run, where there is no Chromium; '' where there is one. */
export const CHROMIUM_MISSING = program ? '' : 'apt-get install chromium, or set CHROMIUM';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves a folder on loopback until the test ends. @returns its origin */
export async function serveFolder(folder: string): Promise<string> {
  const { url } = await openServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const file = path.join(folder, pathname === '/' ? 'index.html' : path.normalize(pathname));
    readFile(file).then(
      (bytes) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? '' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return url;
}

let browser: Promise<Browser> | undefined;

/** The browser of a suite, closed at its end. */
function openBrowser(): Promise<Browser> {
  if (!browser) {
    browser = chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
    cleanUpAfterSuite(async () => (await browser)?.close());
  }
  return browser;
}

export interface OpenedPage {
  page: Page;
  /** What the page printed. */
  printed: string[];
  /** Errors that nobody caught. */
  errors: string[];
}

/** Opens an address in a profile of its own, closed after the test. @param options - of that profile: window, language, theme */
export async function openInChromium(url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await (await openBrowser()).newContext(options);
  cleanUpAfterTest(() => context.close());
  const page = await context.newPage();
  const opened: OpenedPage = { page, printed: [], errors: [] };
  page.on('console', (message) => opened.printed.push(message.text()));
  page.on('pageerror', (error) => opened.errors.push(String(error)));
  await page.goto(url);
  return opened;
}
