/**
 * What runs in the frame of a phone: a simulated host with the mini-program in it, the market behind it, and the screen
 * in front. All that happens is told to the page; what the frame cannot do itself it asks the page for.
 */
import * as renderer from 'glass-easel';
import * as compiler from 'glass-easel-template-compiler';
import { collectUnhandledOf, createIframeRealm } from '../../../simulator/browser/iframe-realm';
import { memoryFiles } from '../../../simulator/browser/memory-files';
import { CLOUD_ORIGIN } from '../../../simulator/cloud/backend';
import { createHostOn } from '../../../simulator/host/create-host';
import type { Env } from '../../../simulator/host/env';
import type { Happening, Machine } from '../../../simulator/host/machine';
import type { MarketServer } from '../../../simulator/market/market';
import { ProviderError } from '../../../simulator/market/types';
import type { MarketChannel, ProviderContext } from '../../../simulator/market/types';
import type { Host } from '../../../simulator/types';
import { markText } from '../marked-text';
import type { BillEvent, PhoneEvent } from '../types';
import { WITHOUT_MARKET, type StartOptions } from '../wire';
import { CallWatch, REPORT, uncaught } from './calls';
import { GUARD } from './loop-guard';
import { MessageWatch } from './messages';
import { PageLink } from './page-link';
import type { BackendError } from './page-link';
import { CLOUD, findBroken, makeProject } from './project';
import { PhoneScreen } from './screen';
import { SMALL_RELAY, SmallRelay } from './small-relay';
import { Turn } from './turn';
import { Weather } from './weather';

const CHANNELS: Record<MarketChannel, BillEvent['channel']> = {
  bridge: 'bridge',
  native: 'native',
  https: 'relay',
  cloud: 'cloud',
};

/** ms between two looks at whether the market has billed: it does so where nothing crosses to the client. */
const LOOK_FOR_BILLS_MS = 200;

/** The code that a market answers with where a provider fails without one of its own. */
const LOGIC_FAILED = -3;

/** An event of any type, without its time. */
type Untimed = PhoneEvent extends infer E ? (E extends PhoneEvent ? Omit<E, 'at'> : never) : never;

/** Starts the mini-program and opens its page. */
async function start(link: PageLink, options: StartOptions): Promise<void> {
  const startedAt = Date.now();
  const turn = new Turn(options.language, tell);
  function tell(event: Untimed): void {
    if (!turn.tells(event.type)) return;
    link.say({ type: 'event', event: { ...event, at: Date.now() - startedAt } as PhoneEvent });
  }

  const { settings, services } = options;
  const relayUrl = options.relayUrl ?? SMALL_RELAY;
  const isRelay = (url: string): boolean => url.startsWith(relayUrl);
  const project = makeProject(options.sources, settings, relayUrl);
  const calls = new CallWatch((event) => tell({ type: 'call', ...event }));
  const messages = new MessageWatch(isRelay, (event) => tell({ type: 'message', ...event }));
  const seen: { env?: Env } = {};

  const screen = new PhoneScreen({
    root: project.root,
    read: (path) => project.files[`${project.root}/${path}`],
    backLabel: options.language === 'zh' ? '返回' : 'Back',
    onPage: (path, title) => tell({ type: 'page', path, title }),
  });
  const onError = (error: unknown): void => {
    const { env } = seen;
    const told = env ? uncaught(env, error) : { message: String(error) };
    tell({ type: 'page-error', ...told });
  };

  function watch(happening: Happening): void {
    if (happening.type === 'native') {
      const { call, phase } = happening;
      const payload = phase === 'start' ? call.params : call.reply;
      const isFailed = phase === 'end' && /:(fail|cancel)/.test(String(call.reply?.errMsg));
      tell({
        type: 'native',
        seq: call.seq,
        api: call.api,
        phase,
        ...(payload === undefined ? {} : { payload: markText(payload) }),
        ...(isFailed ? { [call.api === 'checkSession' ? 'noSession' : 'failed']: true } : {}),
        ...(call.aborted ? { aborted: true } : {}),
      });
      messages.see(phase, call);
      tellBills();
    } else if (happening.type === 'upload') {
      const { via } = happening;
      tell({ ...happening, via: via === 'uploadFile' ? 'relay' : via });
    } else if (happening.type === 'log') tell({ type: 'console', ...happening.line });
    else onError(happening.error);
  }

  const machine: Machine = {
    files: memoryFiles(project.files),
    readBytes(path) {
      throw new Error(`Failed to read ${path}: a page has no files on disk.`);
    },
    createRealm: createIframeRealm,
    collectUnhandled: (realm, reasons) => collectUnhandledOf(realm, reasons, onError),
    runtimeFile: () => '',
    loadPackage: (name) => (name === 'glass-easel' ? renderer : compiler),
    http: ({ method, url, headers, body, signal, onSent }) => {
      if (!options.has.http) return Promise.reject(new Error('there is no server behind this page'));
      return link.http({ method, url, headers, body }, signal, onSent);
    },
    screen: {
      turn: (env, pages) => screen.turn((seen.env = env), pages),
      update: (page) => screen.update(page),
    },
    watch,
  };

  const lacksMarket = settings.sdkVersion === WITHOUT_MARKET;
  const relay = new SmallRelay(
    () => host.market as MarketServer,
    () => 'wxdemo0000000000',
    services,
  );
  const host: Host = createHostOn(machine, {
    project: '/',
    ...(lacksMarket ? { sdkVersion: 'newest', upload: 'allowed' } : { sdkVersion: settings.sdkVersion }),
    platform: settings.platform,
    appid: 'wxdemo0000000000',
    clock: 'real',
    photos: options.picture ? [options.picture] : [],
    plugins: project.plugins,
    providers: Object.fromEntries(services.map((key) => [key, provide])),
    network: options.relayUrl ? {} : { [SMALL_RELAY]: relay.serve },
    ...(options.has.login ? { login: () => link.ask('login') } : {}),
  });

  /** Bytes behind the URLs in a call's data, which are known in this frame alone. */
  function filesIn(data: unknown): Record<string, Uint8Array> {
    const urls = JSON.stringify(data ?? null).match(/https?:\/\/[^"\\\s]+/g) ?? [];
    const read = (url: string): Uint8Array | undefined =>
      host.cdn.read(url) ?? relay.read(url) ?? cloudFile(host, url);
    return Object.fromEntries(
      urls.map((url) => [url, read(url)] as const).filter((entry) => entry[1] !== undefined),
    ) as Record<string, Uint8Array>;
  }

  async function provide(data: unknown, { service, api }: ProviderContext): Promise<unknown> {
    tellBills();
    try {
      return await link.ask('provide', service, api, data, filesIn(data));
    } catch (error) {
      const { message, errcode } = error as BackendError;
      throw new ProviderError(errcode ?? LOGIC_FAILED, message);
    }
  }

  let billed = 0;
  function tellBills(): void {
    if (!seen.env) return;
    for (const { id, service, api, by, channel } of host.bills.slice(billed)) {
      tell({ type: 'bill', id, service, api, by, channel: CHANNELS[channel] });
      billed++;
    }
  }

  host.cloud.define(CLOUD.function, (event) =>
    options.has.cloudFunction ? link.ask('cloudFunction', event, filesIn(event.data)) : relay.run(event),
  );
  const weather = new Weather(host, isRelay);
  weather.change(settings);
  link.onMessage = (message) => {
    if (message.type === 'picture') host.choosePhotos(...(message.picture ? [message.picture] : []));
    else if (message.type === 'change') weather.change(message.settings);
    else if (message.type === 'abort') calls.abort();
  };

  if (lacksMarket) delete host.wx.serviceMarket;
  host.script(`var ${REPORT}, ${GUARD};`);
  host.run(`${REPORT} = report; ${GUARD} = guard`, {
    report: calls.report,
    guard: turn.guard,
  });
  const { config } = host.boot('/');
  host.show(options.page ?? (config.pages as string[])[0] ?? '');
  setInterval(tellBills, LOOK_FOR_BILLS_MS);
}

/** A file of the app's cloud, by a link that `getTempFileURL` gave. */
function cloudFile(host: Host, url: string): Uint8Array | undefined {
  const { origin, pathname } = new URL(url);
  return origin === CLOUD_ORIGIN ? host.cloud.read(decodeURIComponent(pathname.slice(1))) : undefined;
}

async function main(): Promise<void> {
  const { link, options } = await PageLink.open();
  try {
    await start(link, options);
    link.say({ type: 'opened' });
  } catch (error) {
    const { name, message = String(error), stack } = Object(error) as Partial<Error>;
    const file = name === 'SyntaxError' ? findBroken(options.sources) : undefined;
    link.say({ type: 'failed', message: file === undefined ? message : `${file}: ${message}`, stack });
  }
}

void main();
