/** Reading answers of versions 0, 1 and 2, and the exact text and code of every error in one (protocol 6 and 7). */
import { messagesOf, openPage, PLATFORMS } from '../support/hosts';
import { type Any, expectWellFormed } from '../support/outcomes';

interface Row {
  name: string;
  /** The body of the answer: a value, sent as JSON, or the text itself. */
  body: unknown;
  options?: object;
}
type Resolves = Row & { result: object };
type Rejects = Row & { errCode: number; text: string; more?: object };

const R = { requestId: 'R1', requestID: 'R1' };
const v2 = (fields: object): object => ({ scene: 4, errcode: 0, errmsg: 'ok', request_id: 'R1', ...fields });

const RESOLVES: Resolves[] = [
  // Version 2
  { name: '2: data as JSON text', body: v2({ data: '{"a":[1]}' }), result: { data: { a: [1] }, ...R } },
  { name: '2: data as an object', body: v2({ data: { a: 1 } }), result: { data: { a: 1 }, ...R } },
  {
    name: '2: data as text that is no JSON',
    body: v2({ data: 'no json' }),
    result: { data: 'no json', ...R },
  },
  { name: '2: data empty', body: v2({ data: '' }), result: { data: '', ...R } },
  { name: '2: data "null"', body: v2({ data: 'null' }), result: { data: null, ...R } },
  { name: '2: no data', body: v2({}), result: { data: undefined, ...R } },
  { name: '2: no request id', body: { scene: 4, errcode: 0, data: '1' }, result: { data: 1 } },
  // Version 1
  {
    name: '1: data as JSON text',
    body: { errcode: 0, request_id: 'R1', data: '{"a":1}' },
    result: { data: { a: 1 }, ...R },
  },
  { name: '1: without a request id', body: { errcode: 0, data: '[]' }, result: { data: [] } },
  // Version 0: the provider's bare answer
  { name: '0: an object', body: { items: [{ text: 'x' }] }, result: { data: { items: [{ text: 'x' }] } } },
  { name: '0: text that is no JSON', body: 'plain text', result: { data: 'plain text' } },
  { name: '0: an empty text', body: '', result: { data: '' } },
  { name: '0: a number', body: '7', result: { data: 7 } },
  { name: '0: false', body: 'false', result: { data: false } },
  { name: '0: 0', body: '0', result: { data: 0 } },
  { name: '0: a list', body: '[1]', result: { data: [1] } },
  { name: '0: a JSON text', body: '"text"', result: { data: 'text' } },
  {
    name: '0: an object with data but no errcode',
    body: { data: '{"a":1}' },
    result: { data: { data: '{"a":1}' } },
  },
  {
    name: '0: errcode 0 beside data that is no text',
    body: { errcode: 0, data: { a: 1 } },
    result: { data: { errcode: 0, data: { a: 1 } } },
  },
  {
    name: '0: errcode that is a text',
    body: { errcode: '5', k: 1 },
    result: { data: { errcode: '5', k: 1 } },
  },
  { name: "0: a provider's own scene", body: { scene: 'beach' }, result: { data: { scene: 'beach' } } },
  {
    name: "0: a provider's own scene number",
    body: { scene: 4, objects: [] },
    result: { data: { scene: 4, objects: [] } },
  },
  // Long tasks
  { name: '2: a long task accepted', body: v2({}), options: { async: true }, result: { ...R } },
  {
    name: '1: a long task accepted',
    body: { errcode: 0, request_id: 'R1' },
    options: { async: true },
    result: { ...R },
  },
];

const REJECTS: Rejects[] = [
  {
    name: '101: null',
    body: 'null',
    errCode: 101,
    text: '101 . empty call result',
    more: { body: 'null' },
  },
  {
    name: "103: the provider's message",
    body: v2({ errcode: 103, provider_errmsg: 'PE', errmsg: 'EM' }),
    errCode: 103,
    text: '103 . requestID R1, error message PE (callid <ID>)',
    more: R,
  },
  {
    name: "103's text, the server's own code",
    body: v2({ errcode: 45009, provider_errmsg: 'quota' }),
    errCode: 45009,
    text: '103 . requestID R1, error message quota (callid <ID>)',
    more: R,
  },
  {
    name: '103: no message',
    body: v2({ errcode: 9301010 }),
    errCode: 9301010,
    text: '103 . requestID R1, error message unknown (callid <ID>)',
  },
  {
    name: '103: errcode missing',
    body: { scene: 4, request_id: 'R1' },
    errCode: 103,
    text: '103 . requestID R1, error message unknown (callid <ID>)',
  },
  {
    name: '103: errcode a text',
    body: v2({ errcode: '0' }),
    errCode: 103,
    text: '103 . requestID R1, error message unknown (callid <ID>)',
  },
  {
    name: '103: errcode a text with another number',
    body: v2({ errcode: '7' }),
    errCode: 103,
    text: '103 . requestID R1, error message unknown (callid <ID>)',
  },
  { name: '107: scene 9', body: v2({ scene: 9 }), errCode: 107, text: '107 . unknown scene 9 <WHERE>' },
  { name: '107: scene 0', body: v2({ scene: 0 }), errCode: 107, text: '107 . unknown scene 0 <WHERE>' },
  {
    name: '108: refused',
    body: v2({ errcode: -8, errmsg: 'no such api' }),
    options: { async: true },
    errCode: -8,
    text: '108 . requestID R1, error message no such api (callid <ID>)',
    more: R,
  },
  {
    name: '108: not yet',
    body: v2({ scene: 3 }),
    options: { async: true },
    errCode: 108,
    text: '108 . requestID R1, error message ok (callid <ID>)',
    more: R,
  },
  {
    name: '108: no message',
    body: { scene: 9, errcode: 0, request_id: 'R1' },
    options: { async: true },
    errCode: 108,
    text: '108 . requestID R1, error message unknown (callid <ID>)',
  },
  {
    name: '1: an error',
    body: { errcode: -8, errmsg: 'down', request_id: 'R1' },
    errCode: -8,
    text: '-8 down (requestId: R1)',
    more: R,
  },
  {
    name: '1: an error without a request id',
    body: { errcode: -8, errmsg: 'down' },
    errCode: -8,
    text: '-8 down (requestId: undefined)',
  },
  {
    name: '1: data that is no JSON',
    body: { errcode: 0, request_id: 'R1', data: 'no json' },
    errCode: -1,
    text: 'inner protocol parse failed (requestId: R1)',
    more: R,
  },
  {
    name: '1: data that is no JSON, no id',
    body: { errcode: 0, data: '{' },
    errCode: -1,
    text: 'inner protocol parse failed (requestId: empty)',
  },
];

describe.each(PLATFORMS)('on %s', (platform) => {
  const answered = async ({ body, options }: Row): Promise<Any> => {
    const host = openPage({ platform });
    host.fault({
      api: 'operateWXData',
      effect: { malformed: typeof body === 'string' ? body : JSON.stringify(body) },
    });
    return { host, ...(await host.outcome(options)) };
  };

  test.each(RESOLVES)('$name', async (row) => {
    const { result, error } = await answered(row);
    expect(error).toBeUndefined();
    expect({ ...result }).toStrictEqual(
      expect.objectContaining({ errMsg: 'invokeService:ok', ...row.result }),
    );
    expect(
      Object.keys(result)
        .filter((key) => result[key] !== undefined)
        .sort(),
    ).toEqual(
      ['errMsg', ...Object.keys(row.result).filter((key) => (row.result as Any)[key] !== undefined)].sort(),
    );
  });

  test.each(REJECTS)('$name', async (row) => {
    const { host, error } = await answered(row);
    expectWellFormed(host, error);
    expect(error.billing).toBe('unknown');
    const [{ call_id: id }] = messagesOf(host);
    const text = error.message
      .replace(`(callId: ${id}) (trace: `, '<WHERE>(')
      .replace(/<WHERE>\(\d+:\d+:\d+ start\)$/, '<WHERE>')
      .replace(`(callid ${id})`, '(callid <ID>)');
    expect(text).toBe(`invokeService:fail ${row.text}`);
    expect(error).toMatchObject({ errCode: row.errCode, ...row.more });
    expect(messagesOf(host)).toHaveLength(1);
  });
});

test('what could not be read is on the error as it came', async () => {
  const host = openPage();
  const body = '{"errcode": 0, "request_id": "R1", "data": "no json"}';
  host.fault({ api: 'operateWXData', effect: { malformed: body } });
  expect((await host.outcome()).error.body).toBe(body);
});

test.each([0, 1, 2] as const)(
  'a market that speaks version %d: result, and error of the provider',
  async (wireVersion) => {
    const host = openPage({ wireVersion });
    expect((await host.outcome({ data: { a: 1 } })).result.data).toEqual({ a: 1 });
    const body = { errcode: -8, errmsg: 'svc down' };
    host.market.refuse = () => body;
    const { error } = await host.outcome();
    expect(error).toMatchObject({ errCode: -8, billing: 'unknown' });
    expect(error.message).toContain('svc down');
  },
);

/** The form in which each platform hands a reply on; in the other's there is nothing to read. */
const REPLY_FORMS = PLATFORMS.flatMap((platform) => [
  { platform, rawReply: '{"data":5}', data: platform === 'android' ? 5 : 'none' },
  {
    platform,
    rawReply: { data: { scene: 4, errcode: 0 } },
    data: platform === 'android' ? 'none' : undefined,
  },
  ...[null, 5, '', 'not json', '[]', []].map((rawReply) => ({ platform, rawReply, data: 'none' })),
]);

test.each(REPLY_FORMS)('the reply data of $platform as $rawReply: $data', async ({ data, ...options }) => {
  const host = openPage({ platform: options.platform });
  host.fault({ api: 'operateWXData', effect: { rawReply: options.rawReply } });
  const { error, result } = await host.outcome();
  if (data === 'none') {
    expectWellFormed(host, error);
    expect(error).toMatchObject({ errCode: 101, errMsg: 'invokeService:fail 101 . empty call result' });
    expect(error.billing).toBe('unknown');
  } else {
    expect(error).toBeUndefined();
    expect(result).toEqual({ errMsg: 'invokeService:ok', ...(data !== undefined && { data }) });
  }
});

test('answers of a long provider come through "not yet" answers', async () => {
  const host = openPage({
    providers: { '*': async (_data: Any, { sleep }: Any) => sleep(40000).then(() => 'slow') },
  });
  const { result, took } = await host.outcome();
  expect(result.data).toBe('slow');
  expect(took).toBeLessThan(41000);
  expect(messagesOf(host).map(({ scene }) => scene)).toEqual([1, 2, 2]);
});
