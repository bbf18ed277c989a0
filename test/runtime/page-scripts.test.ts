/** The same page scripts, the same outcomes: on every base library, on android and ios, whoever carries the call. */
import { PROFILES, ProviderError } from '../../src/simulator';
import type { Host, HostOptions } from '../../src/simulator';
import { BUNDLE } from '../support/built';
import { FILES, PLATFORMS, openHost } from '../support/hosts';
import { type Any, outcomeOnHost } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';
import { type Script, SCRIPTS } from './support/scripts';

const providers: HostOptions['providers'] = {
  'wxSVC/slow': async (data, { sleep }) => sleep(40000).then(() => `slow ${data}`),
  'wxSVC/fail': () => {
    throw new ProviderError(61, 'blurred');
  },
};

interface Way {
  host: HostOptions;
  /** Given to configure() of the injected file. */
  config?: object;
  relay?: FakeRelay;
}

async function played(script: Script, { host: options, config, relay }: Way): Promise<Any> {
  const host = openHost({
    upload: 'allowed',
    files: FILES,
    providers,
    network: relay?.network,
    ...options,
  });
  host.market.refuse = ({ request }) =>
    request.api_name === 'closed' ? { errcode: 9301010, errmsg: 'no balance' } : undefined;
  const exported = host.load(BUNDLE);
  if (config) host.run('exported.configure(config); exported.install()', { exported, config });
  const { ok, error } = await outcomeOnHost(host, script.code);
  await host.clock.run();
  const firsts = host.market.messages.filter(
    ({ apiName, request }) => /_comm$/.test(apiName) && request.scene !== 2,
  );
  const record = readable(host, relay, {
    ok,
    error: error && { message: error.message, errCode: error.errCode },
    sent: firsts.map(({ request }) => request.data),
    bills: host.market.bills.length,
  });
  expect(host.unhandled).toEqual([]);
  return record;
}

/** The record with what differs from run to run named for what it is. */
function readable(host: Host, relay: FakeRelay | undefined, record: object): Any {
  const contents = new Map([
    ...host.cdn.files.map(({ url }) => [url, host.cdn.text(url)] as const),
    ...(relay?.files ?? []).map(({ url, content }) => [url, content] as const),
  ]);
  const name = (value: Any): Any => {
    if (typeof value === 'string') {
      return value
        .replace(/https:[^"\\]+/g, (url) => `<${contents.get(url) ?? url}>`)
        .replace(/req-\w+/g, '<id>')
        .replace(/\(callid [^)]+\)/, '(callid <call>)');
    }
    if (Array.isArray(value)) return value.map(name);
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, name(item)]));
  };
  return name(record);
}

const expected = ({ ok, error, sent, bills = 1 }: Script): Any => ({ ok, error, sent: sent ?? [], bills });

test('there are enough scripts, each with a name of its own', () => {
  expect(new Set(SCRIPTS.map(({ name }) => name)).size).toBe(SCRIPTS.length);
  expect(SCRIPTS.length).toBeGreaterThanOrEqual(30);
});

describe.each(PLATFORMS)('on %s', (platform) => {
  const rows = PROFILES.map(({ row, serviceMarket }) => ({ row, serviceMarket }));
  const of = (...forms: string[]): string[] =>
    rows.filter(({ serviceMarket }) => forms.includes(serviceMarket)).map(({ row }) => row);

  describe.each(of('none'))('the shim on %s', (sdkVersion) => {
    test.each(SCRIPTS)('$name', async (script) => {
      expect(await played(script, { host: { platform, sdkVersion } })).toEqual(expected(script));
    });
  });

  describe.each(of('v2_9', 'v2_11', 'v2_30'))("the shim on %s by prefer: 'shim'", (sdkVersion) => {
    test.each(SCRIPTS)('$name', async (script) => {
      const config = { prefer: 'shim' };
      expect(await played(script, { host: { platform, sdkVersion }, config })).toEqual(expected(script));
    });
  });

  describe.each(of('v2_9', 'v2_11'))('the wrapped native of %s', (sdkVersion) => {
    test.each(SCRIPTS.filter(({ unlikeOldNative }) => !unlikeOldNative))('$name', async (script) => {
      expect(await played(script, { host: { platform, sdkVersion } })).toEqual(expected(script));
    });
  });

  describe.each(of('v2_30'))('the untouched native of %s', (sdkVersion) => {
    test.each(SCRIPTS.filter(({ unlikeNative }) => !unlikeNative))('$name', async (script) => {
      const { error, ...record } = await played(script, { host: { platform, sdkVersion } });
      const { error: wanted, ...rest } = expected(script);
      // Its codes are its own (design.md, difference 3); the texts are the same.
      expect({ ...record, message: error?.message }).toEqual({ ...rest, message: wanted?.message });
    });
  });

  describe.each(['1.6.0', '2.8.3'])('the shim on %s with uploads over a relay', (sdkVersion) => {
    test.each(SCRIPTS.filter(({ error }) => !/upload/.test(error?.message ?? '')))(
      '$name',
      async (script) => {
        const way = {
          host: { platform, sdkVersion, upload: 'absent' as const },
          config: { relay: { url: RELAY } },
          relay: new FakeRelay(),
        };
        expect(await played(script, way)).toEqual(expected(script));
      },
    );
  });
});
