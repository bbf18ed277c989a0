/** The demo's OCR service behind a simulated platform server, and a real relay in front of it, all on loopback. */
import { createOpenApi } from '../../../src/openapi';
import { startRelay } from '../../../src/relay';
import { createPlatformServer, type PlatformServer, type Provider } from '../../../src/simulator';
import { cleanUpAfterTest } from '../../support/cleanup';

type Providers = { providers: Record<string, Provider>; close(): Promise<void> };

const { createProviders } = jest.requireActual<{ createProviders(): Providers }>(
  '../../../demo-miniprogram/provider',
);

const ACCOUNT = { appid: 'wxapp', secret: 'app-secret' };

/**
 * Starts all of it until the test ends. Users sign in with their name as token.
 *
 * @param origin - of a page in a browser that may call the relay
 */
export async function openOcrRelay(origin?: string): Promise<{ url: string; platform: PlatformServer }> {
  const { providers, close } = createProviders();
  cleanUpAfterTest(close);
  const platform = await createPlatformServer({ ...ACCOUNT, providers });
  cleanUpAfterTest(() => platform.close());
  const relay = await startRelay({
    authenticate: ({ value }) => value,
    allowedOrigins: origin ? [origin] : [],
    services: { wx79ac3de8be320b71: ['OcrAllInOne'] },
    openApi: createOpenApi({ ...ACCOUNT, baseUrl: platform.origin, timeout: 60_000 }),
    port: 0,
    logger: false,
    grace: 0,
  });
  cleanUpAfterTest(() => relay.close());
  return { url: relay.url, platform };
}
