import { forecast } from '../../src/inject/doctor/forecast';

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
