import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { runSteps } from './steps.mjs';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env.CHROMIUM ?? PROGRAMS.find(existsSync);

export const name = 'Chromium';
export const missing = () =>
  program ? undefined : 'Chromium is not installed: apt-get install chromium, or set CHROMIUM';

let browser;

/** A fresh page of one browser, which `close` ends. */
export async function run(script) {
  browser ??= await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.addScriptTag({ content: script });
  // The page's own jobs run at the end of each evaluation.
  const report = await runSteps(() => page.evaluate('step()'));
  await page.close();
  return report;
}

export async function close() {
  await browser?.close();
}
