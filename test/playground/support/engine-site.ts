/** The playground's engine on a small page of its own, as part of a built site. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, FrameLocator, Page } from 'playwright-core';
import type { PhoneEvent, PhoneSettings } from '../../../src/playground/engine/types';
import { buildPlayground } from '../../../src/playground/server/build-site';
import { openInChromium, serveFolder } from '../../support/chromium';
import { ROOT, temporaryFolder } from '../../support/files';

/** Below the root of the site, as the documentation has it. */
const FOLDER = '/docs/try/';

/** The policy that the playground's page has. */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'; frame-src data:; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<body><div id="box" style="width:375px;height:667px"></div><script type="module" src="small.js"></script>`;

const SCRIPT = `import { createStaticBackend, openPhone } from './engine.js';
const events = [];
let phone, backend;
window.lab = {
  events,
  async open({ settings, sources, quick }) {
    phone?.close();
    events.length = 0;
    backend ??= createStaticBackend('./');
    const picture = new Uint8Array(await (await fetch('sample.png')).arrayBuffer());
    const answer = { ocr_comm_res: { items: [{ text: 'quick' }] } };
    const provide = (service, api) => new Promise((resolve) => setTimeout(resolve, quick, answer));
    phone = await openPhone(document.getElementById('box'), {
      settings, sources, picture, onEvent: (event) => events.push(event),
      backend: quick === undefined ? backend : { services: backend.services, provide },
    });
  },
  change: (settings) => phone.change(settings),
  abort: () => phone.abort(),
};
window.ready = true;`;

const SETTINGS: PhoneSettings = {
  sdkVersion: '2.8.3',
  platform: 'android',
  channel: 'relay',
  plugin: false,
  network: 'normal',
  bridgeDenied: false,
  billing: 'perMessage',
};

type Sources = Record<string, string>;

export interface Lab {
  page: Page;
  origin: string;
  /** Addresses of all requests of the page and what is in it. */
  requests: string[];
  errors: string[];
  /** What the phone shows. */
  phone: FrameLocator;
  /**
   * Opens a phone.
   *
   * @param quick - ms that every service takes, which answers with one line `quick`. @default the site's own services
   * @returns the error that opening it has failed with, or undefined
   */
  open(
    settings?: Partial<PhoneSettings>,
    given?: { sources?: Sources; quick?: number },
  ): Promise<string | undefined>;
  events(): Promise<PhoneEvent[]>;
  eventsOf<T extends PhoneEvent['type']>(type: T): Promise<Extract<PhoneEvent, { type: T }>[]>;
  call(name: 'change' | 'abort', ...args: unknown[]): Promise<void>;
  frame(): Frame;
}

/** Builds a site, serves it and opens the small page. */
export async function openLab(): Promise<Lab> {
  const root = temporaryFolder();
  const out = path.join(root, FOLDER);
  mkdirSync(out, { recursive: true });
  buildPlayground({ page: path.join(ROOT, 'dist/playground'), out });
  copyFileSync(path.join(ROOT, 'demo-miniprogram/sample.png'), path.join(out, 'sample.png'));
  writeFileSync(path.join(out, 'small.html'), PAGE);
  writeFileSync(path.join(out, 'small.js'), SCRIPT);
  const origin = await serveFolder(root);
  const { page, errors } = await openInChromium('about:blank');
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${origin}${FOLDER}small.html`);
  await page.waitForFunction('window.ready');
  const events = (): Promise<PhoneEvent[]> => page.evaluate('lab.events');
  return {
    page,
    origin: origin + FOLDER,
    requests,
    errors,
    phone: page.frameLocator('iframe'),
    open: (settings, { sources = demoSources(), quick } = {}) =>
      page.evaluate(
        `lab.open(${JSON.stringify({ settings: { ...SETTINGS, ...settings }, sources, quick })}).then(() => undefined, (error) => error.message)`,
      ),
    events,
    eventsOf: async (type) =>
      (await events()).filter((event) => event.type === type) as Extract<PhoneEvent, { type: typeof type }>[],
    call: (name, ...args) => page.evaluate(`lab.${name}(...${JSON.stringify(args)})`),
    frame: () => page.frames().find((frame) => frame.url().startsWith('data:')) as Frame,
  };
}

/** The demo's mini-program, as the playground shows it. */
export function demoSources(): Sources {
  return { ...filesOf('miniprogram'), ...filesOf('project.config.json') };
}

/** The demo of a plugin: its host, and the plugin. */
export function pluginSources(): Sources {
  const host = filesOf('miniprogram', 'plugin-host');
  return { ...host, ...filesOf('project.config.json', 'plugin-host'), ...filesOf('plugin', 'plugin') };
}

function filesOf(name: string, project = ''): Sources {
  const base = path.join(ROOT, 'demo-miniprogram', project);
  const top = path.join(base, name);
  const names = statSync(top).isFile()
    ? ['']
    : readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((file) =>
        statSync(path.join(top, file)).isFile(),
      );
  return Object.fromEntries(
    names.map((file) => [
      path.posix.join(name, file.replaceAll('\\', '/')),
      readFileSync(path.join(top, file), 'utf8'),
    ]),
  );
}
