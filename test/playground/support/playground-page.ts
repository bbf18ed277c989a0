/** The playground as a user has it: the built page in Chromium, with the real services behind it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { startPlayground, type Playground } from '../../../src/playground/server/start-playground';
import { openInChromium } from '../../support/chromium';
import { cleanUpAfterSuite } from '../../support/cleanup';
import { ROOT } from '../../support/files';

const BUILT = join(ROOT, 'dist/playground');

let playground: Promise<Playground> | undefined;

/** One server for a suite, closed at its end. */
async function openServer(): Promise<Playground> {
  if (!existsSync(join(BUILT, 'page.js'))) throw new Error(`Failed to open ${BUILT}: run npm run build.`);
  playground ??= startPlayground({ port: 0, folder: BUILT });
  const running = await playground;
  cleanUpAfterSuite(() => running.close());
  return running;
}

export interface OpenedPlayground {
  page: Page;
  /** What the phone shows. */
  phone: FrameLocator;
  /** Errors that nobody caught, and lines of the console that say so. */
  errors: string[];
  /** Changes settings, by their names, and waits for the phone. */
  set(settings: Record<string, string | boolean>): Promise<void>;
  /** Waits until the mini-program runs. */
  ready(): Promise<void>;
  /** Taps the button that chooses the photo. */
  choose(): Promise<void>;
  /** Waits for what page code gets of its call. */
  outcome(): Promise<{ state: string; text: string }>;
  /** Words of the lines of a kind in the list of what happened, with how each stands. */
  lines(kind: string): Promise<string[]>;
  /** Ids of the bills that the page shows. */
  bills(): Promise<string[]>;
}

/** Opens the page in a profile of its own. */
export async function openPlaygroundPage(context: BrowserContextOptions = {}): Promise<OpenedPlayground> {
  const { url } = await openServer();
  const { page, errors } = await openInChromium(url, { locale: 'en-US', ...context });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const opened: OpenedPlayground = {
    page,
    phone: page.frameLocator('#screen iframe'),
    errors,
    async set(settings) {
      for (const [name, value] of Object.entries(settings)) {
        const field = page.locator(`[name=${name}]`);
        if (typeof value === 'boolean') await field.setChecked(value);
        else await field.selectOption(value);
      }
      await opened.ready();
    },
    async ready() {
      // What was just clicked is drawn by then.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.locator('.phone:not([data-state=starting])').waitFor();
      const problem = page.locator('.phone__problem');
      if (await problem.count()) throw new Error(`Failed to start the phone: ${await problem.innerText()}`);
    },
    choose: () => opened.phone.locator('button.action').first().click(),
    async outcome() {
      const card = page.locator('.outcome--done, .outcome--failed');
      await card.waitFor({ timeout: 60_000 }).catch(async (cause: unknown) => {
        const seen = await page.locator('.column--happenings').innerText();
        throw new Error(`Failed to wait for the outcome: the page shows ${seen}`, { cause });
      });
      const className = (await card.getAttribute('class')) ?? '';
      return { state: className.includes('done') ? 'done' : 'failed', text: await card.innerText() };
    },
    async lines(kind) {
      const heads = page.locator(`.happening--${kind}`).locator('summary, .happening__head');
      return (await heads.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    },
    bills: () => page.locator('.bill .id').allInnerTexts(),
  };
  await opened.ready();
  return opened;
}
