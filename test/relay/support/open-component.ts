/** A third-party platform against the simulated platform, over HTTP both ways. */
import { text } from 'node:stream/consumers';
import {
  type Component,
  type ComponentOptions,
  createComponent,
  createPushReader,
} from '../../../src/openapi';
import { type ComponentSettings, createPlatformServer, type PlatformOptions } from '../../../src/simulator';
import { cleanUpAfterTest } from '../../support/cleanup';
import { openServer } from '../../support/servers';

export const COMPONENT = { appid: 'wxcomponent', secret: 'component-secret' };
export const PUSH = { token: 'AAAAA', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
/** Keys of 32 bytes in base64. */
export const [KEY, OTHER_KEY] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));

export interface Opened {
  /** Changes the settings of the console. */
  settings: ComponentSettings;
  platform: Awaited<ReturnType<typeof createPlatformServer>>;
  component: Component;
  /** Another instance of the same. */
  openAnother(options?: Partial<ComponentOptions>): Component;
  /** Requests of a path so far. */
  count(path: string): number;
  /** Errors of events that were pushed. */
  failures: Error[];
}

/** @param apps - that have authorized it by an event; with one, a ticket has come too */
export async function openComponent(
  options: Partial<ComponentOptions> = {},
  apps: string[] = [],
  platformOptions: Partial<PlatformOptions> = {},
): Promise<Opened> {
  const settings: ComponentSettings = { ...COMPONENT };
  const platform = await createPlatformServer({
    appid: 'wxown',
    secret: 'own-secret',
    component: settings,
    ...platformOptions,
  });
  cleanUpAfterTest(() => platform.close());
  const openAnother = (further: Partial<ComponentOptions> = {}): Component =>
    createComponent({
      ...COMPONENT,
      encryptionKeys: [KEY],
      baseUrl: platform.origin,
      ...options,
      ...further,
    });
  const component = openAnother();
  const failures: Error[] = [];
  settings.push = { url: await openReceiver(component, failures), ...PUSH };
  if (apps.length > 0) await platform.component.sendTicket();
  for (const app of apps) await platform.component.authorize(app);
  const count = (path: string): number => platform.requests.filter((request) => request.path === path).length;
  return { settings, platform, component, openAnother, count, failures };
}

/** The address for authorization events, as an owner without a relay would write it. */
async function openReceiver(component: Component, failures: Error[]): Promise<string> {
  const pushes = createPushReader({ appid: component.appid, ...PUSH });
  const { url } = await openServer((request, response) => {
    void (async () => {
      const query = Object.fromEntries(new URL(request.url as string, 'http://x').searchParams);
      try {
        await component.receive(pushes.read(query, await text(request)));
        response.end('success');
      } catch (error) {
        failures.push(error as Error);
        response.writeHead(500).end();
      }
    })();
  });
  return url;
}

/** Every text that an error would bring into a log. */
export function textsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack, JSON.stringify(error), error.cause === undefined ? '' : textsOf(error.cause)].join(
    '\n',
  );
}
