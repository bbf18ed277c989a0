/** The simulator's entry for browsers, in Chromium: the same pages, taps and checks as in Node. */
import fs from 'node:fs';
import path from 'node:path';
import { PROFILES } from '../../src/simulator';
import { CHROMIUM_MISSING, openInChromium, serveFolder } from '../support/chromium';
import { ROOT, temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';
import { OCR, SERVICE } from './support';

const built = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** What a browser is served: the entry, the renderer and its compiler as their ES modules, and the runtime's text. */
const SITE = {
  'simulator.js': built('dist/simulator-browser.mjs'),
  'renderer.js': built('node_modules/glass-easel/dist/glass_easel.all.es.js'),
  'compiler.js': built('node_modules/glass-easel-template-compiler/pkg/module.js'),
  'runtime.txt.js': `export default ${JSON.stringify(built('dist/servicemarket-compat.min.js'))}`,
  'index.html': `<!doctype html><script type="module">
    import * as simulator from './simulator.js';
    import * as renderer from './renderer.js';
    import * as compiler from './compiler.js';
    import runtime from './runtime.txt.js';
    const packages = { 'glass-easel': renderer, 'glass-easel-template-compiler': compiler };
    window.openHost = (options) => simulator.createHost({ runtime, packages, ...options });
    window.simulator = simulator;
    window.ready = true;
  </script>`,
};

const SOURCES = {
  'app.json': '{ "pages": ["pages/a/a"], "servicemarket": true }',
  'app.ts': 'App<object>({})',
  'pages/a/a.js': OCR,
  'pages/a/a.wxml':
    '<button id="choose" bindtap="choose"/><text wx:for="{{lines}}" class="line">{{item}}</text>',
};

const describeInChromium = CHROMIUM_MISSING ? describe.skip : describe;

describeInChromium('the simulator in a browser', () => {
  const open = async () => {
    const { page, errors } = await openInChromium(await serveFolder(temporaryFolder(SITE)));
    await page.waitForFunction('window.ready');
    return { page, errors };
  };

  test('runs a page of a project, which is tapped, on every base library', async () => {
    const { page, errors } = await open();
    const run = async ([sources, service, rows]: [object, string, string[]]): Promise<unknown> => {
      const { openHost: create, simulator } = globalThis as never as {
        openHost(options: object): never;
        simulator: { assertCalledService(host: unknown, service: string, api: string): void };
      };
      const seen: unknown[] = [];
      for (const sdkVersion of rows) {
        const host = create({ sources, sdkVersion, upload: 'allowed' }) as ReturnType<typeof openHost>;
        host.provide(service, {
          OcrAllInOne: () => ({ ocr_comm_res: { items: [{ text: 'hi' }, { text: 'you' }] } }),
        });
        const shown = await host.open('pages/a/a');
        await shown.tap('#choose');
        simulator.assertCalledService(host, service, 'OcrAllInOne');
        const lines = shown.findAll('.line').map(({ text }) => text);
        seen.push([sdkVersion, lines, host.uploads.length, host.bills.length, host.unhandled, host.errors]);
        await host.close();
      }
      return seen;
    };
    const rows = PROFILES.map(({ row }) => row);
    const seen = await page.evaluate(run as never, [SOURCES, SERVICE, rows] as never);
    expect(seen).toEqual(rows.map((row) => [row, ['hi', 'you'], 1, 1, [], []]));
    expect(errors).toEqual([]);
  });

  test('shows page code the same world as in Node', async () => {
    const { page } = await open();
    const source = `return [typeof window, typeof document, typeof fetch, typeof process, typeof top, typeof eval, typeof setTimeout,
      typeof Object.entries, wx.getSystemInfoSync() instanceof Object, wx.request instanceof Function, Object.keys(wx).sort().join(),
      Date.now(), typeof Function('return this')(), Function('return this')().wx === undefined]`;
    for (const sdkVersion of ['1.6.0', '2.11.0', 'newest']) {
      const inBrowser = await page.evaluate(
        ([version, code]) =>
          (globalThis as never as { openHost(o: object): { run(s: string): unknown } })
            .openHost({ sdkVersion: version })
            .run(code),
        [sdkVersion, source],
      );
      expect(inBrowser).toEqual(openHost({ sdkVersion }).run(source));
    }
  });
});
