/** The real relay over a simulated platform server, both on loopback; and page code on a host with the real clock. */
import { createOpenApi } from '../../../src/openapi';
import { type RelayOptions, startRelay, wxCodeAuthenticator } from '../../../src/relay';
import { createPlatformServer } from '../../../src/simulator';
import type { HostOptions, PlatformOptions, PlatformServer } from '../../../src/simulator';
import { cleanUpAfterTest } from '../../support/cleanup';
import { expectOver, openPage, type PageHost, type Seen } from '../../support/hosts';
import type { Any } from '../../support/outcomes';

export const ACCOUNT = { appid: 'wxapp', secret: 'app-secret' };
export const SERVICES = { wxSVC: ['API'] };
export const BILLINGS = ['perId', 'perMessage'] as const;

export type RelayChanges = Partial<RelayOptions>;

export interface Backend {
  platform: PlatformServer;
  url: string;
  /** A host whose `wx.login` gives codes of `user`, with a page that imports the package. */
  page(config?: object, options?: HostOptions, user?: string): PageHost;
}

/** Starts both; they end with the test. */
export async function openBackend(
  options: Partial<PlatformOptions> = {},
  changes: RelayChanges = {},
): Promise<Backend> {
  const platform = await createPlatformServer({ ...ACCOUNT, ...options });
  cleanUpAfterTest(() => platform.close());
  const openApi = createOpenApi({ ...ACCOUNT, baseUrl: platform.origin, timeout: 5000 });
  const relay = await startRelay({
    authenticate: wxCodeAuthenticator({ openApi }),
    services: SERVICES,
    openApi,
    port: 0,
    logger: false,
    grace: 0,
    ...changes,
  });
  cleanUpAfterTest(() => relay.close());
  return {
    platform,
    url: relay.url,
    page(config = {}, hostOptions = {}, user = 'ann') {
      const host = openPage(
        {
          clock: 'real',
          bridge: 'absent',
          upload: 'absent',
          login: () => platform.issueCode(user),
          ...hostOptions,
        },
        { channels: ['relay'], relay: { url: relay.url }, ...config },
      );
      cleanUpAfterTest(() => host.close());
      return host;
    },
  };
}

/** Starts a call and waits for its end. */
export async function outcome(host: PageHost, options: object = {}, name?: string): Promise<Seen> {
  const seen = host.start(options, name);
  await ended(seen);
  expectOver(host, seen);
  return seen;
}

/** Waits for the end of a call, until its last callback has run. */
export async function ended({ task }: Seen): Promise<void> {
  await (task as Promise<unknown>).then(
    () => undefined,
    () => undefined,
  );
  await new Promise(setImmediate);
}

/** Requests of `wx.request` and `wx.uploadFile` to a path of the relay. */
export function sent(host: PageHost, path: string): Any[] {
  return host.nativeCalls.filter(
    ({ params }: Any) => typeof params.url === 'string' && params.url.endsWith(path),
  );
}
