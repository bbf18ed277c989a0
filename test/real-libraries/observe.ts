/** Runs one script on a host and writes down what its page saw and what left the phone. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHost } from '../../src/simulator';
import type { Any, FaultEffect, Host, PluginPackage } from '../../src/simulator';
import type { Library } from './libraries';
import { PLUGIN, PLUGIN_FILES } from './plugin-fixture';
import { bootRealHost } from './real-host';
import type { Script, ScriptGroup } from './scripts';
import { CLOUD, FILES, PROVIDERS, respond, sentRequest, sentToCdn, sentToMarket, SERVER } from './world';
import type { CloudState, Sent } from './world';

export type Platform = 'android' | 'ios';

/** What one script came to. */
export interface Observation {
  /** In order: what was returned or thrown, callbacks, and what the script logged. */
  events: [name: string, value: unknown][];
  /** What reached the server, the market, the CDN and the cloud. */
  sent: Sent[];
}

/** A host that scripts run on, one after the other. */
export interface Subject {
  observe(script: Script): Promise<Observation>;
  close(): Promise<void>;
}

/**
 * The page's side, in ES5: `log(name, value)`, `on(name)` is a callback that logs, `all(options)` adds all three.
 * Values are shown as JSON in which nothing is lost that a page could notice.
 */
const PAGE = `
  var events = [];
  function kindOf(value) { return Object.prototype.toString.call(value).slice(8, -1); }
  function show(value, depth) {
    depth = depth || 0;
    if (value === undefined) return '<undefined>';
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') return isFinite(value) ? value : '<' + value + '>';
    if (typeof value === 'string') return value;
    if (typeof value === 'symbol') return '<symbol>';
    if (typeof value === 'function') return '<function>';
    var kind = kindOf(value);
    if (kind === 'ArrayBuffer') return '<bytes ' + [].slice.call(new Uint8Array(value)).join() + '>';
    if (kind === 'Uint8Array') return '<Uint8Array ' + [].slice.call(value).join() + '>';
    if (kind === 'Promise') return '<promise>';
    if (depth > 6) return '<deep>';
    if (kind === 'Array') return [].slice.call(value).map(function (item) { return show(item, depth + 1); });
    var copy = {};
    Object.keys(value).sort().forEach(function (key) {
      if (/^__wx/.test(key)) return; copy[key] = show(value[key], depth + 1); });
    if (kind === 'Error') { copy['<error>'] = value.name; copy.message = value.message; }
    return copy;
  }
  function log(name, value) { events.push([name, show(value)]); }
  function on(name) {
    return function () { log(name, arguments.length === 1 ? arguments[0] : [].slice.call(arguments)); };
  }
  function all(options) {
    options = options || {};
    ['success', 'fail', 'complete'].forEach(function (name) { options[name] = on(name); });
    return options;
  }
  function membersOf(task) {
    if (!task) return task;
    return ['abort', 'onProgressUpdate', 'offProgressUpdate', 'onHeadersReceived', 'then'].filter(function (name) {
      return typeof task[name] === 'function';
    });
  }
  function body() {BODY
  }
  (function () {
    var returned;
    try { returned = body(); } catch (error) { return log('threw', error); }
    log('returned', returned);
    if (kindOf(returned) === 'Promise' || (returned && typeof returned.then === 'function')) {
      returned.then(on('resolved'), on('rejected'));
    }
  })();
  function read() { return JSON.stringify(events); }
`;

const pageOf = ({ code }: Script): string => PAGE.replace('BODY', () => code);

/** Long enough for every answer, and short of each time limit. */
const PATIENCE_MS = 5000;

/** A real library. */
export async function openReal(
  library: Library,
  platform: Platform,
  { cloud, plugin }: ScriptGroup,
): Promise<Subject> {
  const hasPlugin = plugin !== undefined;
  const host = await bootRealHost({ library, platform, engine: library.engine, cloud, hasPlugin });
  const run = plugin === 'inside' ? host.pluginModule : host.module;
  return {
    async observe(script) {
      const { sent } = host.world;
      sent.length = 0;
      const read = run(`${pageOf(script)}; module.exports = read;`) as () => string;
      await host.clock.run(script.wait ?? PATIENCE_MS);
      return observation(read(), sent);
    },
    async close() {
      host.clock.close();
    },
  };
}

/** Writes the plugin's package. */
function pluginIn(root: string): PluginPackage {
  const { domain, ...declaration } = PLUGIN;
  const manifest = JSON.stringify({ main: 'index.js' });
  for (const [name, source] of Object.entries({ ...PLUGIN_FILES, 'plugin.json': manifest })) {
    fs.writeFileSync(path.join(root, name), source);
  }
  return { ...declaration, root, domains: [domain] };
}

/** What a state of the cloud does to the calls that reach it. */
const EFFECTS: Partial<Record<CloudState, FaultEffect>> = {
  unreachable: { fail: { errMsg: 'operateWXData:fail timeout' } },
  silent: { lose: 'request' },
  'without storage': { fail: { errMsg: 'file not found' } },
};
const CLOUD_CALLS = ['cloud.callFunction', 'uploadFile', 'cloud.getTempFileURL', 'cloud.deleteFile'];

/** The simulator's row for a library. */
export async function openSimulated(
  { row }: Pick<Library, 'row'>,
  platform: Platform,
  { cloud, plugin }: ScriptGroup,
): Promise<Subject> {
  const requests: Sent[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-check-'));
  let modules = 0;
  const host = createHost({
    sdkVersion: row,
    platform,
    appid: 'app',
    files: FILES,
    providers: PROVIDERS,
    cloud: cloud === 'absent' ? { ...CLOUD, envs: [] } : CLOUD,
    login: () => 'CODE',
    plugins: plugin ? [pluginIn(folder)] : [],
    network: {
      [SERVER]({ method, url, path, headers, body, form }) {
        if (!form) requests.push(sentRequest(method, url, headers, body));
        if (path === '/broken-connection') throw new Error('broken');
        const { status, header, body: answer } = respond(path);
        return { status, headers: header, body: answer };
      },
    },
  });
  const effect = cloud && EFFECTS[cloud];
  for (const api of effect ? CLOUD_CALLS : []) host.fault({ api, effect: effect as FaultEffect });
  return {
    async observe(script) {
      requests.length = 0;
      const seen = { calls: host.nativeCalls.length, cloud: host.cloud.invocations.length };
      const file = path.join(folder, `module-${++modules}.js`);
      fs.writeFileSync(file, `"use strict";${pageOf(script)}; module.exports = read;`);
      const read = (
        plugin === 'inside'
          ? host.plugin(PLUGIN.name).run(`return require('./${path.basename(file)}')`)
          : host.load(file)
      ) as () => string;
      await host.clock.run(script.wait ?? PATIENCE_MS);
      const sent = [...requests, ...sentByCalls(host, seen.calls), ...sentToCloud(host, seen.cloud)];
      return observation(read(), sent);
    },
    async close() {
      fs.rmSync(folder, { recursive: true });
      await host.close();
    },
  };
}

function sentByCalls(host: Host, from: number): Sent[] {
  return host.nativeCalls.slice(from).flatMap(({ api, params, aborted }): Sent[] => {
    if (aborted) return [];
    if (api === 'operateWXData') {
      const { api_name: name, data, plugin_appid: plugin } = params.data as Record<string, Any>;
      const isCompared = /^(webapi_servicemarket_|webapi_test)/.test(name as string);
      return isCompared ? [sentToMarket(name as string, data, plugin as string | undefined)] : [];
    }
    if (api === 'uploadToCommonCDN') {
      const { __nativeBuffers__: [buffer] = [], ...rest } = params as Record<string, Any>;
      const bytes = buffer && { fileData: Buffer.from(buffer.base64 as string, 'base64') };
      return [sentToCdn({ ...rest, ...bytes })];
    }
    if (api !== 'uploadFile') return [];
    const { url, name, filePath, formData } = params as Record<string, Any>;
    return [{ to: 'upload', url, name, filePath, formData }];
  });
}

const sentToCloud = (host: Host, from: number): Sent[] =>
  host.cloud.invocations.slice(from).map(({ name, event }) => {
    // The cloud adds who called; the phone does not send it.
    const sent = { ...(event as Record<string, unknown>), userInfo: undefined };
    return { to: 'cloud', name, event: sent };
  });

/** With everything random masked. Of what was sent the order within each receiver counts. */
function observation(events: string, sent: Sent[]): Observation {
  const ordered = sent
    .filter(({ url }) => !/^https:\/\/cloud\./.test(String(url)))
    .sort((left, right) => left.to.localeCompare(right.to));
  return JSON.parse(
    masked(JSON.stringify({ events: JSON.parse(events) as unknown, sent: ordered })),
  ) as Observation;
}

const MASKS: [RegExp, string][] = [
  [/0\.\d+_\d+/g, '<id>'],
  // The name of a class in minified code.
  [/Class constructor \w+ /g, 'Class constructor <name> '],
  [/req-\w+/g, '<request>'],
  [/\d{13}-0\.\d+/g, '<call>'],
  [/https:\/\/cdn\.[\w./-]+/g, '<content>'],
  [/\d+:\d+:\d+ /g, '<time> '],
  [/wxfile:\/\/tmp_(?!a\.png|empty)\w+/g, 'wxfile://<temporary>'],
];

const masked = (text: string): string =>
  MASKS.reduce((result, [pattern, mask]) => result.replace(pattern, mask), text);
