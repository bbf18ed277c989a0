/**
 * Boots a real base library in a realm of node:vm, over the fake client. The library's file is read from the folder
 * that BASELIBS names; nothing of it is here.
 */
import fs from 'node:fs';
import vm from 'node:vm';
import type { Any } from '../../src/simulator';
import { createVirtualClock } from '../../src/simulator/clock/virtual-clock';
import { createFakeClient } from './fake-client';
import type { Answer, ClientCall } from './fake-client';
import { fileOf } from './libraries';
import type { Library } from './libraries';
import { ENGINES } from './old-engines';
import { addPlugin, PLUGIN_CONFIG, runInPlugin } from './real-plugins';
import { World } from './world';
import type { CloudState } from './world';

export interface RealHostOptions {
  library: Library;
  platform: 'android' | 'ios';
  /** Removes what engines of that time lack before the library runs. @default none */
  engine?: keyof typeof ENGINES;
  /** Whether the app has the plugin of plugin-fixture.ts. */
  hasPlugin?: boolean;
  /** @default 'there' */
  cloud?: CloudState;
}

export interface RealHost {
  /** Every event that crossed to the client. */
  calls: ClientCall[];
  world: World;
  clock: ReturnType<typeof createVirtualClock>;
  /** Runs source as a plain script of the realm. */
  script(source: string, name?: string): Any;
  /** The realm's global object. */
  global: Any;
  /** Runs source as a user module through the library's own define and require. @returns its exports */
  module(source: string): Any;
  /** The same as a module of the plugin. */
  pluginModule(source: string): Any;
}

const scripts = new Map<string, vm.Script>();

/** A library's file, compiled once. */
function scriptOf(library: Library, name: string): vm.Script {
  const key = `${library.version}/${name}`;
  const known = scripts.get(key);
  if (known) return known;
  const script = new vm.Script(fs.readFileSync(fileOf(library, name), 'utf8'), { filename: key });
  scripts.set(key, script);
  return script;
}

/** @throws the error of a library that does not boot */
export async function bootRealHost(options: RealHostOptions): Promise<RealHost> {
  const { library, platform } = options;
  const clock = createVirtualClock();
  const world = new World(clock, options.cloud);
  const systemInfo = systemInfoOf(library, platform);
  const global = globalsOf(options, clock, systemInfo);
  const context = vm.createContext(global);
  const script = (source: string, name = 'script'): Any =>
    vm.runInContext(source, context, { filename: name }) as unknown;
  followClock(script, clock);
  if (options.engine) script(removalOf(ENGINES[options.engine]));

  const parse = script('JSON.parse') as (text: string) => unknown;
  const toRealm = (value: object): unknown => parse(JSON.stringify(packBuffers(value)));
  const bridge = (): Any => global.WeixinJSBridge as unknown;
  const calls: ClientCall[] = [];
  const client = createFakeClient({
    version: library.version,
    platform,
    clock,
    world,
    systemInfo,
    dispatch: (event, data) => bridge().subscribeHandler(event, toRealm(data), 0, {}),
  });

  global.WeixinJSCore = {
    publishHandler: () => '',
    setTimerHandler() {},
    clearTimerHandler() {},
    /** The library calls the client: an immediate answer is returned, a later one comes to its callback. */
    invokeHandler(event: string, raw: string, callback: number): string {
      const call = { event, params: unpackBuffers(JSON.parse(raw || '{}') as Any), raw, at: clock.now() };
      calls.push(call);
      const reply = (answer: Answer): string => {
        if (answer && 'now' in answer) return JSON.stringify(packBuffers(answer.now));
        if (answer) {
          const { later } = answer;
          clock.setTimer(() => bridge().invokeCallbackHandler(callback, toRealm(later)), 1, event);
        }
        return '';
      };
      const answer = client(call);
      if (!(answer instanceof Promise)) return reply(answer);
      void answer.then(reply);
      return '';
    },
  };
  if ('WACloud.js' in library.files) global.WeixinJSContext = partLoader(library, context);
  scriptOf(library, 'WAService.js').runInContext(context);
  adoptExports(global, script);
  await clock.advance(30);
  if (options.hasPlugin) addPlugin(global, script, library);

  let modules = 0;
  return {
    calls,
    world,
    clock,
    script,
    global,
    module(source) {
      const name = `module-${++modules}.js`;
      const parameters = ['require', 'module', 'exports', ...library.shadowed].join();
      script(`define(${JSON.stringify(name)}, function (${parameters}) {"use strict";${source}\n});`, name);
      return script(`require(${JSON.stringify(name)})`, name) as unknown;
    },
    pluginModule: (source) => runInPlugin(script, library, `module-${++modules}.js`, source) as unknown,
  };
}

const systemInfoOf = ({ version, clientVersion }: Library, platform: string): Record<string, unknown> => ({
  brand: 'fake',
  model: 'fake',
  pixelRatio: 2,
  screenWidth: 375,
  screenHeight: 667,
  windowWidth: 375,
  windowHeight: 603,
  language: 'zh_CN',
  version: clientVersion,
  system: platform === 'android' ? 'Android 10' : 'iOS 13.3',
  platform,
  SDKVersion: version,
  fontSizeSetting: 16,
  statusBarHeight: 20,
});

/** The globals that a client sets before it runs a library. */
function globalsOf(
  { library, hasPlugin }: RealHostOptions,
  clock: RealHost['clock'],
  systemInfo: Record<string, unknown>,
): Any {
  const quiet = [
    'log',
    'info',
    'warn',
    'error',
    'debug',
    'group',
    'groupEnd',
    'groupCollapsed',
    'time',
    'timeEnd',
  ];
  const silent = [...quiet, 'trace', 'assert', 'table', 'dir', 'count'].map(
    (name) => [name, () => {}] as const,
  );
  const timer = (callback: (...args: unknown[]) => void, ms: unknown, args: unknown[]): number =>
    clock.setTimer(() => callback(...args), Number(ms) || 0, 'timer', true);
  const intervals = new Map<number, number>();
  const global: Any = {
    console: Object.fromEntries(silent),
    setTimeout: (callback: () => void, ms: unknown, ...args: unknown[]) => timer(callback, ms, args),
    clearTimeout: (id: number) => clock.clearTimer(id),
    setInterval(callback: (...args: unknown[]) => void, ms: unknown, ...args: unknown[]) {
      const id = -1 - intervals.size;
      const arm = (): void => {
        const fire = (): void => {
          arm();
          callback(...args);
        };
        intervals.set(id, timer(fire, Math.max(1, Number(ms) || 0), []));
      };
      arm();
      return id;
    },
    clearInterval: (id: number) => clock.clearTimer(intervals.get(id) ?? id),
    NativeGlobal: {},
    __wxConfig: {
      platform: systemInfo.platform,
      system: systemInfo.system,
      appType: 0,
      pages: ['pages/index'],
      debug: false,
      envVersion: 'release',
      appLaunchInfo: { path: 'pages/index', scene: 1001 },
      appLaunchInfoQuery: {},
      accountInfo: { appId: 'app', nickname: 't', icon: '' },
      host: { env: 'WeChat' },
      plugins: {},
      preload: false,
      page: {},
      global: { window: {} },
      entryPagePath: 'pages/index',
      wxAppInfo: {},
      appContactInfo: { operationInfo: { jsonInfo: {} } },
      nativeBufferEnabled: false,
      clientDebug: false,
      expt: {},
      clientVersion: 0x27000e00,
      permission: {},
      networkTimeout: { request: 60000, uploadFile: 60000, connectSocket: 60000, downloadFile: 60000 },
      env: { USER_DATA_PATH: 'wxfile://usr' },
      ...(hasPlugin ? PLUGIN_CONFIG : {}),
    },
  };
  if (library.version === '1.6.0') global.__wxConfig.onReady = (ready: () => void) => ready();
  return global;
}

/** Makes `Date` of the realm read the virtual clock. */
function followClock(script: RealHost['script'], clock: RealHost['clock']): void {
  const install = script(
    `(function (now) {
      var Real = Date, construct = Reflect.construct;
      function Virtual() {
        var args = [].slice.call(arguments);
        if (!new.target) return new Real(now()).toString();
        return construct(Real, args.length ? args : [now()], new.target === Virtual ? Real : new.target);
      }
      Virtual.prototype = Real.prototype;
      Virtual.now = now;
      Virtual.parse = Real.parse;
      Virtual.UTC = Real.UTC;
      Real.prototype.constructor = Virtual;
      Date = Virtual;
    })`,
  ) as (now: () => number) => void;
  install(() => Math.floor(clock.now()));
}

/** A script that deletes built-ins, each by its path. */
const removalOf = (paths: string[]): string => `${JSON.stringify(paths)}.forEach(function (path) {
  var keys = path.split('.'), last = keys.pop();
  var owner = keys.reduce(function (object, key) { return object && object[key]; }, this);
  if (owner) delete owner[last];
}, this)`;

/** Parts of a library in files of their own, which it asks the client for. */
const partLoader = (library: Library, context: vm.Context): object => ({
  alloc: () => 1,
  create: () => 1,
  destroy: () => 0,
  supportAlloc: () => false,
  isEmptyContext: () => false,
  loadLibFiles(first: unknown, second: unknown) {
    const text = typeof first === 'string' ? first : (second as string);
    const names = text.startsWith('[') ? (JSON.parse(text) as string[]) : [text];
    for (const name of names) {
      if (!(name in library.files)) return 0;
      scriptOf(library, name).runInContext(context);
    }
    return 1;
  },
});

/** Newer libraries keep their globals on one object, which the client spreads. */
function adoptExports(global: Any, script: RealHost['script']): void {
  const exported = (global.__exportGlobal__ ?? {}) as Record<string, unknown>;
  const names = [
    'wx',
    'define',
    'require',
    'App',
    'Page',
    'getApp',
    'getCurrentPages',
    'Component',
    'Behavior',
  ];
  for (const name of [...names, 'definePlugin', 'requirePlugin']) {
    if (script(`typeof ${name}`) === 'undefined' && name in exported) global[name] = exported[name];
  }
}

/** Bytes cross as base64 beside the parameters. */
function packBuffers(value: object): object {
  const entries = Object.entries(value as Record<string, unknown>);
  const buffers = entries.filter(([, field]) => Buffer.isBuffer(field)) as [string, Buffer][];
  if (buffers.length === 0) return value;
  return {
    ...Object.fromEntries(entries.filter(([, field]) => !Buffer.isBuffer(field))),
    __nativeBuffers__: buffers.map(([key, buffer]) => ({ key, base64: buffer.toString('base64') })),
  };
}

function unpackBuffers(params: Any): Any {
  if (!Array.isArray(params?.__nativeBuffers__)) return params;
  const { __nativeBuffers__: buffers, ...rest } = params as Record<string, Any>;
  for (const { key, base64 } of buffers as { key: string; base64: string }[]) {
    rest[key] = Buffer.from(base64, 'base64');
  }
  return rest;
}
