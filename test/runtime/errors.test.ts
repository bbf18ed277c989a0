/** Bad input and faults: a clear error as the table of design.md says, told once, nothing billed that was not sent. */
import type { Fault, HostOptions } from '../../src/simulator';
import { messagesOf, openPage, type PageHost, PLATFORMS } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

interface Row {
  name: string;
  /** Body of a function of page code that gives the options. */
  options?: string;
  host?: HostOptions;
  faults?: Fault[];
  errCode: number;
  /** The whole text after `invokeService:fail `, or what it matches. */
  text: string | RegExp;
  more?: object;
  billing?: 'none' | 'unknown';
  messages?: number;
  bills?: number;
  uploads?: number;
}

const given = (data: string): string => `return {data: ${data}}`;
const MARKED = given("{deep: [{c: new api.CDN('text')}]}");
const operate = (effect: Fault['effect'], nth?: number): Fault => ({ api: 'operateWXData', effect, nth });
const upload = (effect: Fault['effect']): Fault => ({ api: 'uploadToCommonCDN', effect });
const MUST = "Error: field 'service' and 'api' must be provided";

/** Rows with what they have in common. */
const rows = (common: Partial<Row>, own: Partial<Row>[]): Row[] =>
  own.map((row) => ({ ...common, ...row }) as Row);

const ARGUMENTS = rows({ errCode: -1, billing: 'none', messages: 0, bills: 0 }, [
  { name: 'no service', options: 'return {service: undefined}', text: MUST },
  { name: 'no api', options: 'return {api: undefined}', text: MUST },
  { name: 'an empty service', options: "return {service: ''}", text: MUST },
  {
    name: 'a cycle',
    options: 'var a = {k: 1}; a.list = [{}]; a.list[0].up = a; return {data: {a: a}}',
    text: /^TypeError: Converting circular structure to JSON/,
    more: { path: 'data.a.list[0].up' },
  },
  {
    name: 'a cycle beside a marker',
    options: `var a = {c: new api.CDN('x')}; a.up = a; return {data: a}`,
    text: /^TypeError: Converting circular structure to JSON/,
    more: { path: 'data.up' },
  },
  {
    name: 'a BigInt',
    options: given('{list: [1, BigInt(2)]}'),
    text: 'TypeError: Do not know how to serialize a BigInt',
    more: { path: 'data.list[1]' },
  },
  {
    name: 'a toJSON that throws',
    options: given("{before: 1, a: {toJSON: function () { throw new RangeError('mine') }}}"),
    text: 'RangeError: mine',
    more: { path: expect.not.stringMatching(/before/) },
  },
  {
    name: 'a getter that throws',
    options: given("{get a() { throw new Error('mine') }}"),
    text: 'Error: mine',
  },
  {
    name: 'data nested beyond what the engine can write',
    options: `var a = {}; for (var i = 0; i < 20000; i++) a = {a: a}; return {data: a}`,
    text: /nested|depth|deep/i,
  },
  ...[
    ['nothing', ''],
    ['{}', '{}'],
    ['no filePath', "{type: 'filePath'}"],
    ['an empty filePath', "{type: 'filePath', filePath: ''}"],
    ['a filePath that is no text', '{filePath: 5}'],
    ['a number', '5'],
    ['null', 'null'],
    ['a typed array', 'new Uint8Array(3)'],
    ['an array', "['a']"],
  ].map(([name, content]) => ({
    name: `a marker of ${name}`,
    options: given(`{ok: new api.CDN('fine'), list: [0, new api.CDN(${content})]}`),
    text: /^Error: (filePath must be provided|CDN takes .*)$/,
    more: { path: 'data.list[1]' },
  })),
  {
    name: 'a marker without filePath, in the words of the platform',
    options: given('new api.CDN({})'),
    text: 'Error: filePath must be provided',
    more: { path: 'data' },
  },
]);

const UPLOADS = rows({ uploads: 1, options: MARKED, billing: 'none', messages: 0, bills: 0 }, [
  {
    name: 'an upload that fails',
    faults: [upload({ fail: { errMsg: 'file not exist' } })],
    errCode: -2,
    text: 'uploadToCommonCDN:fail file not exist',
    more: { cause: { errMsg: 'uploadToCommonCDN:fail file not exist' } },
  },
  {
    name: 'an upload that fails with err_code',
    faults: [upload({ fail: { errMsg: 'too large', err_code: -30 } })],
    errCode: -30,
    text: 'uploadToCommonCDN:fail too large(err_code -30)',
    more: { cause: { err_code: -30 } },
  },
  { name: 'an upload without a URL', faults: [upload({ noUrl: true })], errCode: -2, text: /URL/ },
  { name: 'an upload that never ends', faults: [upload({ lose: 'reply' })], errCode: -2, text: /timeout/ },
  {
    name: 'an upload refused, and no other way set up',
    host: { upload: 'denied' },
    errCode: -2,
    text: /permission denied.*relay\.url is not configured.*servicemarket\.config\.json/,
  },
  {
    name: 'no upload API, and no relay configured',
    host: { upload: 'absent' },
    errCode: -2,
    text: /wx\.uploadToCommonCDN.*relay\.url is not configured.*servicemarket\.config\.json/,
    uploads: 0,
  },
]);

const REPLIES = rows({ billing: 'unknown', messages: 1, bills: 1 }, [
  {
    name: 'a native failure with err_code',
    faults: [operate({ fail: { errMsg: 'system busy', err_code: -10 } })],
    errCode: -10,
    text: 'operateWXData:fail system busy(err_code -10)',
    more: { cause: { errMsg: 'operateWXData:fail system busy', err_code: -10 } },
    bills: 0,
  },
  {
    name: 'native failures without a code',
    faults: [operate({ fail: { errMsg: 'system error' } })],
    errCode: -2,
    text: 'operateWXData:fail system error',
    more: { cause: { errMsg: 'operateWXData:fail system error' } },
    messages: 3,
    bills: 0,
  },
  {
    name: 'a reply that never comes',
    faults: [operate({ lose: 'reply' })],
    errCode: 104,
    text: /^104 \. timeout for retry, cannot retry fetching the result anymore \(callId: .+\) \(trace: .+\)$/,
    messages: 3,
  },
  {
    name: 'the body null',
    faults: [operate({ malformed: 'null' })],
    errCode: 101,
    text: '101 . empty call result',
  },
  {
    name: 'a reply without data',
    faults: [operate({ replyWithoutData: true })],
    errCode: 101,
    text: '101 . empty call result',
  },
  {
    name: "the page's own time limit",
    options: 'return {timeout: 3000}',
    faults: [operate({ lose: 'reply' })],
    errCode: 104,
    text: /^104 \. timeout/,
  },
]);

const REFUSED = rows({ errCode: -2, billing: 'none', bills: 0 }, [
  {
    name: 'a denied bridge',
    host: { bridge: 'denied' },
    messages: 1,
    text: /permission denied.*configure\(/,
  },
  {
    name: 'an absent bridge',
    host: { bridge: 'absent' },
    messages: 0,
    text: /wx\.operateWXData.*configure\(/,
  },
]);

const ROWS = { ARGUMENTS, UPLOADS, REPLIES, REFUSED };

describe.each(PLATFORMS)('on %s', (platform) => {
  describe.each(Object.keys(ROWS) as (keyof typeof ROWS)[])('%s', (group) => {
    test.each(ROWS[group])('$name', async (row) => {
      const host = openPage({ platform, ...row.host });
      row.faults?.forEach((fault) => host.fault(fault));
      const { error } = await host.outcome(host.run(row.options ?? 'return {}', { api: host.api }));
      expectWellFormed(host, error);
      const [, text] = /^invokeService:fail ([^]*)$/.exec(error.message) as RegExpExecArray;
      expect(text).toEqual(typeof row.text === 'string' ? row.text : expect.stringMatching(row.text));
      expect({
        errCode: error.errCode,
        billing: error.billing,
        messages: messagesOf(host).length,
        bills: host.market.bills.length,
        uploads: host.nativeCalls.filter(({ api }) => api === 'uploadToCommonCDN').length,
      }).toEqual({
        errCode: row.errCode,
        billing: row.billing,
        messages: row.messages,
        bills: row.bills,
        uploads: row.uploads ?? 0,
      });
      if (row.more) expect(error).toMatchObject(row.more);
    });
  });
});

const failureOf = (host: PageHost, code: string): Promise<Any> =>
  host.clock.until(
    host.run(`return ${code}.then(function () {}, function (e) { return e })`, { api: host.api }),
  );

test.each(['', 'undefined', 'null'])('invokeService(%s) rejects, and does not throw', async (argument) => {
  const host = openPage();
  const error = await failureOf(host, `api.invokeService(${argument})`);
  expectWellFormed(host, error);
  expect(error).toMatchObject({ errCode: -1, billing: 'none' });
  expect(error.message).toMatch(/^invokeService:fail TypeError: .*'service'/);
  expect(host.nativeCalls).toEqual([]);
});

test.each(['', 'null', '{}', "{requestId: ''}"])(
  'getAsyncResult(%s) rejects, and sends nothing',
  async (argument) => {
    const host = openPage();
    const error = await failureOf(host, `api.getAsyncResult(${argument})`);
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: -1, billing: 'none' });
    expect(error.message).toMatch(/^getAsyncResult:fail .*requestId/);
    expect(host.nativeCalls).toEqual([]);
  },
);

test('a bad marker among good ones stops the call before any upload', async () => {
  const host = openPage();
  const good = ['a', 'b', 'c'].map((text) => host.mark(text));
  const { error } = await host.outcome({ data: [...good, host.mark(7)] });
  expect(error.path).toBe('data[3]');
  expect(host.nativeCalls).toEqual([]);
});

test("a reply that is no JSON is the provider's answer: it was paid for", async () => {
  const host = openPage();
  host.fault(operate({ malformed: 'no { json' }));
  expect((await host.outcome()).result).toEqual({ errMsg: 'invokeService:ok', data: 'no { json' });
});

test('an error that only a fail callback takes leaves nothing unhandled', async () => {
  const host = openPage();
  const seen = host.run(
    'var seen = []; api.invokeService({fail: function (e) { seen.push(e) }}); return seen',
    {
      api: host.api,
    },
  );
  await host.clock.run();
  expect(seen).toHaveLength(1);
  expect(host.unhandled).toEqual([]);
});
