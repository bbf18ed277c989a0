/** What stands behind the page: the demo's services, the platform's server in front of them, a relay in front of that. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findOwnPackage } from '../../inject';
import { createOpenApi, type OpenApi } from '../../openapi';
import { startRelay, wxCodeAuthenticator } from '../../relay';
import { createPlatformServer } from '../../simulator';
import type { Bill, MarketMessage, Provider } from '../../simulator';

const APPID = 'wxdemo0000000000';
const USER = 'playground-user';

/** Nobody tries out more in an hour; the relay's own defaults are for one user of an app. */
const LIMITS = { callsPerHour: 10_000, pollsPerHour: 100_000, sessionsPerHour: 10_000, filesPerHour: 10_000 };

/** demo-miniprogram/provider. */
interface DemoProviders {
  createProviders(options: { fetchPicture(url: string): Promise<Buffer> }): {
    providers: Record<string, Provider>;
    close(): Promise<void>;
  };
}

/** demo-miniprogram/run/cloud: puts the function into a cloud. */
interface DemoCloud {
  deployFunction(host: { cloud: object }, platform: { openApi: OpenApi; services: object }): void;
}
type CloudFunction = (event: unknown, context: { OPENID: string }) => Promise<unknown>;

export interface Services {
  /** As `service/api`. */
  services: string[];
  /** Where the relay listens, on loopback. */
  relayUrl: string;
  /** @returns a code as `wx.login` returns it, which the relay accepts once */
  issueCode(): string;
  /**
   * Has a service answer that a phone called without the relay.
   *
   * @param files - bytes by the URL that stands in `data`
   * @throws Error of the service; Error where nothing provides it
   */
  provide(key: string, data: unknown, files: Record<string, Buffer>): Promise<unknown>;
  /**
   * Runs the cloud function that the package ships for owners to upload.
   *
   * @param files - as for `provide`
   */
  runCloudFunction(event: unknown, files: Record<string, Buffer>): Promise<unknown>;
  /** Whether the market behind the relay recognises repeats by their id. */
  useBilling(billing: 'perId' | 'perMessage'): void;
  /** Messages and bills of the market behind the relay, from these numbers on. */
  trafficSince(messages: number, bills: number): { messages: MarketMessage[]; bills: Bill[] };
  close(): Promise<void>;
}

/**
 * Starts all of it on free ports of loopback.
 *
 * @throws Error where the OCR engine or a peer of the relay is not installed
 */
export async function startServices(): Promise<Services> {
  const files = new Map<string, Buffer>();
  let relayUrl = '';
  const { createProviders } = loadDemo<DemoProviders>('provider');
  const { download } = loadDemo<{ download(url: string): Promise<Buffer> }>('provider/download');
  const demo = createProviders({
    async fetchPicture(url) {
      const own = files.get(url);
      if (own) return own;
      // Page code names the URL: it shall not make this machine fetch from its network.
      if (url.startsWith(`${relayUrl}/`)) return download(url);
      throw new Error(`Failed to download ${url}: the playground reads only what was uploaded in it.`);
    },
  });
  const account = { appid: APPID, secret: randomBytes(16).toString('hex') };
  const platform = await createPlatformServer({ ...account, providers: demo.providers });
  const openApi = createOpenApi({ ...account, baseUrl: platform.origin });
  const services = pairsOf(demo.providers);
  const relay = await startRelay({
    authenticate: wxCodeAuthenticator({ openApi }),
    openApi,
    services,
    limits: LIMITS,
    port: 0,
    logger: false,
    grace: 0,
  });
  relayUrl = relay.url;
  const { market } = platform;
  let cloudFunction: CloudFunction | undefined;
  // The files that it removes are the phone's, which knows when it is done.
  const cloud = { define: (_name: string, run: CloudFunction) => (cloudFunction = run), remove: () => true };
  loadDemo<DemoCloud>('run/cloud').deployFunction({ cloud }, { openApi, services });

  /** Has services find what lies behind URLs of the phone, while something is done. */
  async function withFiles<T>(own: Record<string, Buffer>, work: () => T | Promise<T>): Promise<T> {
    for (const [url, bytes] of Object.entries(own)) files.set(url, bytes);
    try {
      return await work();
    } finally {
      for (const url of Object.keys(own)) files.delete(url);
    }
  }
  return {
    services: Object.keys(demo.providers),
    relayUrl,
    issueCode: () => platform.issueCode(USER),
    async provide(key, data, pictures) {
      const provider = demo.providers[key];
      if (!provider) throw new Error(`Failed to call ${key}: nothing provides it.`);
      return withFiles(pictures, () => (provider as (data: unknown) => unknown)(data));
    },
    runCloudFunction: (event, pictures) =>
      withFiles(pictures, () => cloudFunction?.(event, { OPENID: USER })),
    useBilling: (billing) => void (market.billing = billing),
    trafficSince: (messages, bills) => ({
      messages: market.messages.slice(messages),
      bills: market.bills.slice(bills),
    }),
    async close() {
      await relay.close();
      await platform.close();
      await demo.close();
    },
  };
}

/** A module of demo-miniprogram, which is shipped as it is. */
function loadDemo<T>(path: string): T {
  const folder = join(findOwnPackage(), 'demo-miniprogram');
  return createRequire(join(folder, 'run.js'))(join(folder, path)) as T;
}

/** The services as a relay is configured with them. */
function pairsOf(providers: Record<string, unknown>): Record<string, string[]> {
  const pairs: Record<string, string[]> = {};
  for (const [service, api] of Object.keys(providers).map((key) => key.split('/') as [string, string])) {
    (pairs[service] ??= []).push(api);
  }
  return pairs;
}
