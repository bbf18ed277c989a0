/** What a third-party platform keeps: encrypted, shared by all instances, and lasting. */
import { Redis } from 'ioredis';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ComponentStore, createOpenApi, MemoryComponentStore } from '../../src/openapi';
import { FolderComponentStore, openRedisStores } from '../../src/relay';
import { cleanUpAfterTest } from '../support/cleanup';
import { temporaryFolder } from '../support/files';
import { otherLetter } from '../support/letters';
import { KEY, openComponent, type Opened, OTHER_KEY, textsOf } from './support/open-component';
import { describeWithRedis, openRedis } from './support/servers';

const REFRESH_PATH = '/cgi-bin/component/api_authorizer_token';
const call = (id: string) => ({ service: 's', api: 'a', data: {}, client_msg_id: id });

/** A store that may be opened once more, and everything that a thief of it would have. */
interface Kept {
  open(): Promise<ComponentStore>;
  dump(): Promise<string>;
}

const inMemory = async (): Promise<Kept> => {
  const store = new MemoryComponentStore(Date.now);
  const values = (): unknown => [...Reflect.get(store, 'values').entries()];
  return { open: async () => store, dump: async () => JSON.stringify(values()) };
};

const inFolder = async (): Promise<Kept> => {
  const folder = join(temporaryFolder(), 'component');
  return {
    open: async () => new FolderComponentStore(folder),
    async dump() {
      return readdirSync(folder)
        .map((name) => name + readFileSync(join(folder, name), 'utf8'))
        .join('\n');
    },
  };
};

const inRedis = async (): Promise<Kept> => {
  const url = await openRedis();
  const client = new Redis(url);
  cleanUpAfterTest(() => client.quit());
  return {
    async open() {
      const stores = await openRedisStores({ url });
      cleanUpAfterTest(() => stores.outcomes.close());
      return stores.component;
    },
    async dump() {
      const keys = await client.keys('*');
      const values = await Promise.all(keys.map(async (key) => [key, await client.get(key)]));
      return JSON.stringify(values);
    },
  };
};

function clientOf(opened: Opened, component = opened.component, appid = 'wxmerchant') {
  const { origin: baseUrl } = opened.platform;
  return createOpenApi({ appid, account: component.forApp(appid), baseUrl });
}

function contract(openKept: () => Promise<Kept>): void {
  test('values last as long as they should, also for another that opens it', async () => {
    const kept = await openKept();
    const store = await kept.open();
    await store.write('a', 'first');
    await store.write('a', 'second');
    await store.write('b', 'short', 30);
    const other = await kept.open();
    expect(await other.read('a')).toBe('second');
    await sleep(40);
    expect(await other.read('b')).toBeUndefined();
    await other.remove('a');
    await other.remove('a');
    expect(await store.read('a')).toBeUndefined();
  });

  test.each([0, -1])('a value that lasts %d ms is none, and replaces the one before', async (ttl) => {
    const store = await (await openKept()).open();
    await store.write('a', 'before');
    await store.write('a', 'after', ttl);
    await sleep(10);
    expect(await store.read('a')).toBeUndefined();
  });

  test('works of one key run one after another, also after one has failed', async () => {
    const store = await (await openKept()).open();
    const order: string[] = [];
    const work = (name: string) =>
      store.exclusive('k', async () => {
        order.push(`${name} begins`);
        await sleep(20);
        order.push(`${name} ends`);
        if (name === 'a') throw new Error('a fails');
        return name;
      });
    const results = await Promise.allSettled([work('a'), work('b')]);
    expect(results).toMatchObject([{ status: 'rejected' }, { value: 'b' }]);
    expect(order.filter((_, i) => i % 2 === 1).map((line) => line.slice(2))).toEqual(['ends', 'ends']);
    expect(order).toHaveLength(4);
  });

  test('a thief of the store has no ticket, no token and no refresh token', async () => {
    const kept = await openKept();
    const opened = await openComponent({ store: await kept.open() }, ['wxmerchant']);
    await clientOf(opened).serviceMarket.invokeService(call('1'));
    const stolen = await kept.dump();
    expect(stolen.length).toBeGreaterThan(400);
    const { platform } = opened;
    const secrets = [...platform.tokens(), ...platform.component.refreshTokens('wxmerchant')];
    expect(secrets).toHaveLength(5);
    for (const secret of [...secrets, 'ticket@@@', 'refreshtoken@@@', 'token-', KEY]) {
      for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]) {
        expect(stolen).not.toContain(form);
      }
    }
  });

  test('a restart needs no new authorization', async () => {
    const kept = await openKept();
    const opened = await openComponent({ store: await kept.open() }, ['wxmerchant']);
    await clientOf(opened).auth.getAccessToken();
    const restarted = opened.openAnother({ store: await kept.open() });
    opened.platform.revokeTokens();
    await clientOf(opened, restarted).serviceMarket.invokeService(call('1'));
    expect(opened.platform.market.bills).toHaveLength(1);
  });
}

describe('in memory', () => contract(inMemory));

describe('in a folder', () => {
  contract(inFolder);

  test('files are for their owner alone', async () => {
    const folder = join(temporaryFolder(), 'component');
    await new FolderComponentStore(folder).write('a', 'b');
    const [name] = readdirSync(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describeWithRedis('in Redis', () => {
  contract(inRedis);

  test('a refresh token that rotates in the middle of 100 calls over two instances loses none', async () => {
    const kept = await inRedis();
    const opened = await openComponent({ store: await kept.open() }, ['wxmerchant']);
    const { platform, count } = opened;
    const second = opened.openAnother({ store: await kept.open() });
    const clients = [clientOf(opened), clientOf(opened, second)];
    for (const [i, { serviceMarket }] of clients.entries()) {
      await serviceMarket.invokeService(call(`first-${i}`));
    }
    expect(count(REFRESH_PATH)).toBe(1);
    const calls = Array.from({ length: 100 }, async (_, i) => {
      await sleep(2 * i);
      // Of the app alone: the third-party platform's own token stays good.
      if (i === 50) {
        const { access_token: token } = await clients[0].auth.getAccessToken();
        platform.revokeToken(token);
      }
      return clients[i % 2].serviceMarket.invokeService(call(`call-${i}`));
    });
    const results = await Promise.all(calls);
    expect(results).toHaveLength(100);
    expect(platform.market.bills).toHaveLength(102);
    expect(count(REFRESH_PATH)).toBe(2);
    expect(platform.component.refreshTokens('wxmerchant')).toHaveLength(3);
    const refreshed = platform.requests.filter(({ path }) => path === REFRESH_PATH);
    expect(refreshed.map(({ errcode }) => errcode)).toEqual([undefined, undefined]);
  });

  test('works of one key run one after another, also behind one that failed, and nothing of them stays', async () => {
    const store = new MemoryComponentStore(Date.now);
    const order: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      order.push(`${name} begins`);
      await sleep(5);
      order.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
      return name;
    };
    const works = ['a', 'b', 'c'].map((name) => store.exclusive('key', work(name)));
    expect(await Promise.allSettled(works)).toMatchObject([
      { value: 'a' },
      { reason: new Error('b') },
      { value: 'c' },
    ]);
    expect(order).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    await sleep(0);
    expect(Reflect.get(store, 'last').size).toBe(0);
  });

  test('what any instance is pushed all know; what one has removed none uses', async () => {
    const kept = await inRedis();
    const opened = await openComponent({ store: await kept.open() }, ['wxmerchant']);
    const second = opened.openAnother({ store: await kept.open() });
    await clientOf(opened, second).serviceMarket.invokeService(call('1'));
    await opened.platform.component.remove('wxmerchant');
    await expect(clientOf(opened, second).serviceMarket.invokeService(call('2'))).rejects.toThrow(
      'has not authorized',
    );
    expect(opened.platform.market.bills).toHaveLength(1);
  });
});

describe('a change of the key', () => {
  async function openWith(encryptionKeys: string[]) {
    const store = new MemoryComponentStore(Date.now);
    const opened = await openComponent({ store, encryptionKeys }, ['wxmerchant', 'wxrests']);
    const entries = (): Map<string, { value: string }> => Reflect.get(store, 'values');
    const keyIds = (): Record<string, string> =>
      Object.fromEntries([...entries()].map(([name, { value }]) => [name, value.split('.')[0]]));
    return { store, opened, keyIds, entries };
  }
  const name = 'component:wxcomponent:refresh:wxmerchant';

  test('the older key reads, the newest writes; what is touched is written again', async () => {
    const { opened, keyIds } = await openWith([KEY]);
    const old = keyIds()[name];
    // Enough to tell keys apart, and too little to find one.
    expect(old).toMatch(/^[0-9a-f]{8}$/);
    const both = opened.openAnother({ encryptionKeys: [OTHER_KEY, KEY] });
    await clientOf(opened, both).auth.getAccessToken();
    expect(keyIds()[name]).not.toBe(old);
    expect(keyIds()['component:wxcomponent:refresh:wxrests']).toBe(old);
    const newest = opened.openAnother({ encryptionKeys: [OTHER_KEY] });
    // What can be had again is as good as not there while its key is not: here the third-party platform's own token.
    const ask = () => clientOf(opened, newest).auth.getAccessToken({ cache: false });
    await expect(ask()).rejects.toThrow('no ticket has come');
    opened.platform.revokeTokens();
    await clientOf(opened, both).auth.getAccessToken({ cache: false });
    await ask();
  });

  test('a refresh token of a key that is not here is an error that says which key to add', async () => {
    const { opened, keyIds } = await openWith([KEY]);
    const other = opened.openAnother({ encryptionKeys: [OTHER_KEY] });
    const error: unknown = await clientOf(opened, other)
      .auth.getAccessToken()
      .catch((reason: unknown) => reason);
    expect(textsOf(error)).toContain(`its id is ${keyIds()[name]}`);
    expect(textsOf(error)).toContain('Put the older key behind the newest');
    for (const key of [KEY, OTHER_KEY]) expect(textsOf(error)).not.toContain(key);
  });

  test('a ticket that comes under the newest key replaces one that cannot be read', async () => {
    const { opened, store } = await openWith([KEY]);
    const other = await openComponent({ store, encryptionKeys: [OTHER_KEY] });
    await other.platform.component.sendTicket();
    expect(other.failures).toEqual([]);
    expect(opened.failures).toEqual([]);
  });

  test.each<[string, (value: string) => string]>([
    ['changed', (value) => value.replace(/[\w-](?=[\w-]*$)/, otherLetter)],
    ['cut short', (value) => value.split('.').slice(0, 3).join('.')],
    ['given a shorter tag', (value) => value.replace(/(\.[\w-]+\.[\w-]{6})[\w-]+/, '$1')],
  ])('a refresh token that was %s in the store is not used', async (_name, change) => {
    const { opened, entries } = await openWith([KEY]);
    const entry = entries().get(name) as { value: string };
    entry.value = change(entry.value);
    await expect(clientOf(opened).auth.getAccessToken()).rejects.toThrow('was changed in the store');
    expect(opened.count(REFRESH_PATH)).toBe(0);
  });

  test('that of one app is nothing under the name of another', async () => {
    const { opened, entries } = await openWith([KEY]);
    const other = entries().get('component:wxcomponent:refresh:wxrests');
    entries().set(name, other as { value: string });
    await expect(clientOf(opened).auth.getAccessToken()).rejects.toThrow('was changed in the store');
  });
});
