/** Several holders of one account's token that share nothing but the platform. */
import { createOpenApi } from '../../src/openapi';
import { createHttpsMarket, createTokens } from '../../src/functions/shared/https-market';
import { createPlatformServer } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';

const account = { appid: 'wxapp', secret: 'app-secret' };
const call = (id: string) => ({ service: 's', api: 'a', data: {}, client_msg_id: id });

type Holder = (id: string) => Promise<unknown>;

const holders: [string, (origin: string) => Holder][] = [
  [
    'relays',
    (baseUrl) => {
      const { serviceMarket } = createOpenApi({ ...account, baseUrl });
      return (id) => serviceMarket.invokeService(call(id));
    },
  ],
  [
    'instances of a function',
    (origin) => {
      const market = createHttpsMarket(createTokens(account, origin), origin);
      return (id) => market.invoke(call(id));
    },
  ],
];

describe.each(holders)('%s', (_name, open) => {
  async function openTwo() {
    const platform = await createPlatformServer(account);
    cleanUpAfterTest(() => platform.close());
    const pair = [open(platform.origin), open(platform.origin)];
    for (const [i, send] of pair.entries()) await send(`first-${i}`);
    const fetches = () => platform.requests.filter(({ path }) => path === '/cgi-bin/stable_token');
    const forced = () => fetches().filter(({ body }) => (body as { force_refresh: boolean }).force_refresh);
    return { platform, pair, forced };
  }

  test('a token that another has replaced is taken over, not replaced again', async () => {
    const { platform, pair, forced } = await openTwo();
    platform.revokeTokens();
    for (let i = 0; i < 10; i++) for (const [n, send] of pair.entries()) await send(`${n}-${i}`);
    expect(forced().length).toBeLessThanOrEqual(1);
    expect(platform.market.bills).toHaveLength(22);
  });

  test('many calls at once over both: all are carried out, once', async () => {
    const { platform, pair } = await openTwo();
    platform.revokeTokens();
    await Promise.all(Array.from({ length: 100 }, (_, i) => pair[i % 2](`at-once-${i}`)));
    expect(platform.market.bills).toHaveLength(102);
  });
});
