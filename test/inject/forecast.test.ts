import { join } from 'node:path';
import { forecast } from '../../src/inject/doctor/forecast';
import { openHost } from '../support/hosts';

const rows = (channels?: ('bridge' | 'relay' | 'cloud')[]) =>
  forecast({ channels }).map(({ baseLibrary, shim, call, upload }) =>
    [baseLibrary, shim, call, upload].join(' '),
  );
const NATIVE = [
  '2.9.4 wrapped native native',
  '2.11.1 wrapped native native',
  '2.30.3 untouched native native',
];

describe('the forecast for every base library', () => {
  test.each<[Parameters<typeof rows>[0], string[]]>([
    [undefined, ['1.6.0 added bridge none', '2.2.3 added bridge none', '2.8.3 added bridge none']],
    [
      ['bridge', 'relay'],
      ['1.6.0 added bridge relay', '2.2.3 added bridge relay', '2.8.3 added bridge relay'],
    ],
    [['cloud'], ['1.6.0 added none none', '2.2.3 added cloud cloud', '2.8.3 added cloud cloud']],
    [
      ['cloud', 'relay'],
      ['1.6.0 added relay relay', '2.2.3 added cloud cloud', '2.8.3 added cloud cloud'],
    ],
  ])('with the channels %j', (channels, below) => {
    expect(rows(channels)).toEqual([...below, ...NATIVE]);
  });

  test('says why', () => {
    expect(forecast({ channels: ['cloud'] })[0].why).toBe(
      'wx.cloud begins with 2.2.3, and no other channel is configured',
    );
    expect(forecast({ channels: ['bridge', 'relay'] })[2].why).toMatch(
      /^wx\.operateWXData is there.*no wx\.uploadToCommonCDN$/,
    );
  });
});

describe('the forecast is what the built runtime does in the simulator', () => {
  test.each(forecast({}))(
    'on $baseLibrary: $shim, call $call, upload $upload',
    async ({ baseLibrary, shim, call, upload }) => {
      const host = openHost({ sdkVersion: baseLibrary });
      const before = host.wx.serviceMarket;
      const members = {
        ...before,
        invokeService: before?.invokeService,
        getAsyncResult: before?.getAsyncResult,
      };
      host.load(join(__dirname, '../../dist/compat/bridge.min.js'));
      const after = host.wx.serviceMarket;
      const done = {
        added: !before,
        untouched: after.invokeService === members.invokeService,
        wrapped: !members.getAsyncResult,
      };
      expect(done[shim]).toBe(true);
      expect(typeof after.getAsyncResult).toBe('function');

      const invoke = (data: object) =>
        host.clock.until<unknown>(after.invokeService({ service: 'wx1', api: 'a', data }));
      await invoke({ a: 1 });
      expect(call).toBe(before ? 'native' : 'bridge');
      expect(host.market.messages).toHaveLength(1);
      const uploading = invoke({ file: new after.CDN('content') }).then(
        () => true,
        () => false,
      );
      expect(await uploading).toBe(upload !== 'none');
    },
  );
});
