/** Hosts whose global is not `wx`, and hosts that no framework names: the same code over a relay. */
import type { Host } from '../../src/simulator';
import { BUNDLES, IMPORTED } from '../support/built';
import { ROOT } from '../support/files';
import { FILES, openHost } from '../support/hosts';
import { type Any, outcomeOnHost } from '../support/outcomes';
import { RELAY, FakeRelay } from '../support/fakes/relay';

/** A realm that has this global and no `wx`; like all of them it lacks the bridge. */
function hostWith(name: string, change = ''): { host: Host; relay: FakeRelay } {
  const relay = new FakeRelay();
  const host = openHost({
    bridge: 'absent',
    upload: 'absent',
    sdkVersion: '2.8.3',
    files: FILES,
    network: relay.network,
  });
  host.script(`this.${name} = this.wx; delete this.wx; (function (host) { ${change} })(this.${name})`);
  return { host, relay };
}

const DATA = `{
  text: new CDN('text'), bytes: new CDN(new Uint8Array([66]).buffer),
  file: new CDN({filePath: 'wxfile://tmp_a.png'})
}`;
const CALL = `return invokeService({service: 'wxSVC', api: 'API', data: ${DATA}})`;

describe.each(['qq', 'uni', 'Taro'])('%s', (name) => {
  test.each(BUNDLES)('with %s', async (bundle) => {
    const { host, relay } = hostWith(name);
    const api = host.load(`${ROOT}/${bundle}`);
    host.run('api.configure(config)', { api, config: { channels: ['relay'], relay: { url: RELAY } } });
    const { invokeService, CDN } = host.run(`return ${name}.serviceMarket`) as Any;
    const { ok } = await outcomeOnHost(host, CALL, { invokeService, CDN, sm: undefined });
    expectDelivered(relay, ok);
    expect(host.run('return typeof wx')).toBe('undefined');
  });

  test('with the import', async () => {
    const { host, relay } = hostWith(name);
    const { configure, invokeService, CDN } = host.load(IMPORTED);
    configure({ channels: ['relay'], relay: { url: RELAY } });
    const { ok } = await outcomeOnHost(host, CALL, { invokeService, CDN, sm: undefined });
    expectDelivered(relay, ok);
  });
});

function expectDelivered(relay: FakeRelay, ok: Any): void {
  const urls = relay.files.map(({ content, url }) => [content, url]);
  expect(Object.fromEntries(urls)).toEqual({ text: ok.data.text, B: ok.data.bytes, 'PNG-A': ok.data.file });
  expect(relay.credentials).toEqual([{ type: 'wx', value: expect.any(String) }]);
}

test('a host that is none of those is given to install(), on all engines with their own manners', async () => {
  const { host, relay } = hostWith(
    'my',
    // No checkSession, no binary body, and a promise besides the callbacks.
    `delete host.checkSession;
     var request = host.request;
     Object.defineProperty(host, 'request', { value: function (options) {
       if (Object.prototype.toString.call(options.data) === '[object ArrayBuffer]') {
         options.fail({errMsg: 'request:fail parameter error: parameter.data should be String'});
         return;
       }
       return request(options);
     } });`,
  );
  const api = host.load(IMPORTED);
  host.run('api.install(my); api.configure(config)', {
    api,
    config: { channels: ['relay'], relay: { url: RELAY } },
  });
  const { invokeService, CDN } = host.run('return my.serviceMarket') as Any;
  const { ok } = await outcomeOnHost(host, CALL, { invokeService, CDN, sm: undefined });
  expectDelivered(relay, ok);
  expect(relay.files.map(({ as }) => as).sort()).toEqual(['json', 'multipart', 'text']);
});
