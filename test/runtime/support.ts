/** What the runtime's tests share: a simulated host with a built file of the shim on it. */
import fs from 'node:fs';
import path from 'node:path';
import { createHost } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';

export const ROOT = path.join(__dirname, '../..');

/** The injected files, readable and minified: what ships is what is tested. */
export const BUNDLES = ['dist/servicemarket-compat.js', 'dist/servicemarket-compat.min.js'];
export const BUNDLE = path.join(ROOT, BUNDLES[1]);
/** Every prebuilt file for an app; `plugin.min.js` beside them goes into plugins. */
export function variants(): string[] {
  const files = fs.readdirSync(path.join(ROOT, 'dist/compat'));
  return files.filter((file) => file !== 'plugin.min.js').map((file) => `dist/compat/${file}`);
}
/** The file that a page imports. */
export const IMPORTED = path.join(ROOT, 'miniprogram_dist/index.js');

export const FILES = { 'wxfile://tmp_a.png': 'PNG-A', 'wxfile://tmp_b.png': 'PNG-B' };

/** eslint-disable-next-line -- values of the page's realm are untyped */
export type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A host without `wx.serviceMarket` that gives its bridge to pages, with the injected file loaded. */
export function shimmed(options: HostOptions = {}, bundle = BUNDLE): Host & { exports: Any } {
  const host = createHost({ sdkVersion: '2.8.3', upload: 'allowed', files: FILES, ...options });
  return Object.assign(host, { exports: host.load(bundle) });
}

/** Loads another copy of the injected file, with a configuration and optionally as another version. */
export function copyOf(folder: string, changes: { config?: object; version?: string }): string {
  let text = fs.readFileSync(BUNDLE, 'utf8');
  if (changes.config) text = text.replace(/\{\}\);\s*$/, `${JSON.stringify(changes.config)});\n`);
  if (changes.version) {
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    text = text.split(`"${version}"`).join(`"${changes.version}"`);
  }
  const file = path.join(folder, `copy-${Math.random().toString(36).slice(2)}.js`);
  fs.writeFileSync(file, text);
  return file;
}

/** Runs page code and gives its outcome in plain values: `{ok}` or `{error}`. */
export async function outcomeOf(host: Host, code: string, args: Record<string, unknown> = {}): Promise<Any> {
  const sm = host.wx.serviceMarket;
  const promise = host.run(code, { sm, CDN: sm && sm.CDN, ...args }) as Promise<unknown>;
  return host.clock.until(
    promise.then(
      (value) => ({ ok: plain(value) }),
      (error: Any) => ({
        error: { name: error.name, message: error.message, ...plain({ ...error, cause: undefined }) },
      }),
    ),
  );
}

export function plain(value: Any): Any {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The messages of the bridge, as reqData. */
export function messagesOf(host: Host): Any[] {
  return host.calls.filter(({ api }) => api === 'operateWXData').map(({ params }) => plain(params.data.data));
}

export function callsOf(host: Host, api: string): Any[] {
  return host.calls.filter((call) => call.api === api);
}
