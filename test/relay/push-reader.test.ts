/** Reading pushes (protocol 16), beside an implementation by others: @wecom/crypto. */
import * as oracle from '@wecom/crypto';
import { createPushReader, type PushOptions, type PushQuery, PushRefusal } from '../../src/openapi';
import { createPushReader as createJsonReader } from '../../src/openapi/push/push-reader';
import { composePush } from '../../src/simulator';

const TOKEN = 'AAAAA';
const NOW_S = 1_714_036_504;
const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const appid = 'wxba5fad812f8e6fb9';
const now = (): number => NOW_S * 1000;
const settings: PushOptions = { appid, token: TOKEN, encodingAESKey, now };
const reader = createPushReader(settings);
const plainReader = createPushReader({ appid, token: TOKEN, mode: 'plain', now });

const result = {
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: NOW_S,
  MsgType: 'event',
  Event: 'servicemarket_async_api_result',
  Api: 'OcrAllInOne',
  Data: '{"text":"一 <b>&amp;</b>"}',
  RequestID: 'R1',
  Service: 'wx79ac3de8be320b71',
};

/** As another server signs it. */
function signed(encrypted?: string, at = NOW_S): Record<string, string> {
  const [timestamp, nonce] = [String(at), '1514711492'];
  const signature = oracle.getSignature(TOKEN, timestamp, nonce, '');
  if (encrypted === undefined) return { timestamp, nonce, signature };
  const msg_signature = oracle.getSignature(TOKEN, timestamp, nonce, encrypted);
  return { timestamp, nonce, signature, encrypt_type: 'aes', msg_signature };
}

/** A push in safe mode, as another server makes it. */
function sealed(message: string, id = appid): { query: Record<string, string>; body: string } {
  const Encrypt = oracle.encrypt(encodingAESKey, message, id);
  return { query: signed(Encrypt), body: JSON.stringify({ ToUserName: 'gh', Encrypt }) };
}

describe('the address is set up:', () => {
  const query = {
    timestamp: String(NOW_S),
    nonce: '1514711492',
    echostr: '4375120948345356249',
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
  };

  test("the platform's example", () => {
    expect(reader.echo(query)).toBe('4375120948345356249');
  });

  test.each<[string, PushQuery]>([
    ['a wrong signature', { signature: 'f464b24fc39322e44b38aa78f5edd27bd1441697' }],
    ['a short signature', { signature: 'f464b2' }],
    ['two signatures', { signature: [query.signature, query.signature] }],
    ['another nonce', { nonce: '1514711493' }],
    ['no echostr', { echostr: undefined }],
    ['no time', { timestamp: 'NaN' }],
  ])('%s is refused', (_name, wrong) => {
    expect(() => reader.echo({ ...query, ...wrong })).toThrow(PushRefusal);
  });

  test('a time more than five minutes off is refused', () => {
    const at = (ms: number) => createPushReader({ ...settings, now: () => NOW_S * 1000 + ms });
    for (const ms of [-300_000, 300_000]) expect(at(ms).echo(query)).toBe(query.echostr);
    for (const ms of [-301_000, 301_000]) expect(() => at(ms).echo(query)).toThrow(/more than 300 s/);
  });
});

describe('safe mode', () => {
  test('reads what another implementation has encrypted, at every length of the padding', () => {
    for (let length = 0; length < 70; length++) {
      const message = JSON.stringify({ ...result, Data: '好'.repeat(length) });
      const { query, body } = sealed(message);
      expect(reader.read(query, body)).toMatchObject({
        message: JSON.parse(message),
        isProved: true,
        nonce: `${query.timestamp} ${query.nonce}`,
      });
    }
  });

  test.each(['json', 'xml'] as const)(
    'reads what the simulated platform sends as %s, and so does another implementation',
    (format) => {
      const { query, body } = composePush(result, appid, { url: '', token: TOKEN, encodingAESKey, format });
      const clock = { ...settings, now: Date.now };
      const { message } = createPushReader(clock).read(query, body);
      const isXml = format === 'xml';
      expect(message).toEqual(isXml ? { ...result, CreateTime: String(NOW_S) } : result);
      const encrypted = /<Encrypt><!\[CDATA\[([^\]]+)|"Encrypt":"([^"]+)"/.exec(body);
      const text = encrypted?.[1] ?? encrypted?.[2] ?? '';
      expect(oracle.decrypt(encodingAESKey, text).id).toBe(appid);
      expect(oracle.getSignature(TOKEN, query.timestamp, query.nonce, text)).toBe(query.msg_signature);
    },
  );

  test('the query may lack the signature of plain mode, but it must not be wrong', () => {
    const { query, body } = sealed(JSON.stringify(result));
    const { signature, ...rest } = query;
    expect(reader.read(rest, body).message).toEqual(result);
    expect(() => reader.admit({ ...query, signature: signature.replace(/./, 'x') })).toThrow(/"signature"/);
  });

  const good = sealed(JSON.stringify(result));
  const other = sealed(JSON.stringify({ ...result, Data: 'forged' }));
  const keyless = oracle.encrypt('B'.repeat(42) + 'A', JSON.stringify(result), appid);
  test.each<[string, { query: PushQuery; body: string }, RegExp]>([
    ['another body under a good signature', { query: good.query, body: other.body }, /"msg_signature"/],
    ['a plain message', { query: signed(), body: JSON.stringify(result) }, /not encrypted/],
    ['a plain message said to be encrypted', { ...good, body: JSON.stringify(result) }, /no "Encrypt"/],
    ['a message for another app', sealed(JSON.stringify(result), 'wxother'), /for another app/],
    ['a message for an app whose id begins so', sealed(JSON.stringify(result), `${appid}0`), /another app/],
    ['a message of an hour ago', { ...good, query: signed('x', NOW_S - 3600) }, /more than 300 s/],
    [
      'a message under another key',
      { query: signed(keyless), body: JSON.stringify({ Encrypt: keyless }) },
      /cannot be decrypted|for another app/,
    ],
    [
      'bytes that are no blocks',
      { query: signed('AAAA'), body: JSON.stringify({ Encrypt: 'AAAA' }) },
      /cannot be decrypted/,
    ],
    ['a list', sealed('[1]'), /has no fields/],
    ['no JSON', sealed('{'), /neither JSON nor XML/],
  ])('%s is refused', (_name, { query, body }, words) => {
    expect(() => reader.read(query, body)).toThrow(words);
  });
});

describe('plain mode', () => {
  test('proves nothing of the message, and is off unless it is asked for', () => {
    const push = plainReader.read(signed(), JSON.stringify(result));
    expect(push).toMatchObject({ message: result, isProved: false });
    expect(() => reader.read(signed(), JSON.stringify(result))).toThrow(/not encrypted/);
    expect(() => plainReader.read(good().query, good().body)).toThrow(/no "encodingAESKey"/);
  });

  const good = () => sealed(JSON.stringify(result));

  test('a wrong signature is refused before the body is read', () => {
    expect(() => plainReader.admit({ ...signed(), signature: '0'.repeat(40) })).toThrow(/"signature"/);
    expect(() => plainReader.admit({ ...signed(), signature: undefined })).toThrow(/no "signature"/);
  });

  test('an event is known by its text, so that a forged result is no repeat of the genuine one', () => {
    const idOf = (message: object): string => plainReader.read(signed(), JSON.stringify(message)).eventId;
    expect(idOf(result)).toBe(idOf({ ...result }));
    expect(idOf({ ...result, Data: 'forged' })).not.toBe(idOf(result));
  });
});

test('in safe mode a result is known by its task, whatever else is in it, and any other event by its text', () => {
  const idOf = (message: object): string => {
    const { query, body } = sealed(JSON.stringify(message));
    return reader.read(query, body).eventId;
  };
  expect(idOf({ ...result, CreateTime: 1 })).toBe(idOf(result));
  expect(idOf({ ...result, RequestID: 'R2' })).not.toBe(idOf(result));
  expect(idOf({ MsgType: 'text', MsgId: 1 })).not.toBe(idOf({ MsgType: 'text', MsgId: 2 }));
});

describe('XML', () => {
  const read = (xml: string): unknown => plainReader.read(signed(), xml).message;

  test('has its fields as strings, nested ones too, and lists where a name repeats', () => {
    const xml =
      '<?xml version="1.0"?>\n<xml><A><![CDATA[1 < 2 & "3"]]></A><B>4</B><C/><L><I>5</I><I>6</I><I>7</I></L><!-- x --></xml>';
    expect(read(xml)).toEqual({ A: '1 < 2 & "3"', B: '4', C: '', L: { I: ['5', '6', '7'] } });
    expect(read('<xml><A>&lt;&amp;&#65;</A></xml>')).toEqual({ A: '<&A' });
  });

  test('a long text arrives whole', () => {
    const long = 'x'.repeat(300_000);
    expect(read(`<xml><A><![CDATA[${long}]]></A><B>${long}</B></xml>`)).toEqual({ A: long, B: long });
  });

  test('no name is special', () => {
    const message = read('<xml><__proto__><polluted>1</polluted></__proto__></xml>') as object;
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(message)).toBeNull();
  });

  const bomb = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><A>&b;</A></xml>';
  test.each<[string, string, RegExp]>([
    ['entities', bomb, /document type/],
    [
      'a file',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><A>&f;</A></xml>',
      /document type/,
    ],
    [
      'a document type alone',
      '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><A>1</A></xml>',
      /document/,
    ],
    ['an unknown entity', '<xml><A>&b;</A></xml>', /no XML/],
    ['an entity declared inside', '<xml><!ENTITY a "b"><A>&a;</A></xml>', /declaration|no XML/],
    ['elements that are not closed', '<xml><A>1</xml>', /no XML/],
    ['an end that is missing', '<xml><A>1</A>', /no XML/],
    ['depth', `<xml>${'<a>'.repeat(10_000)}`, /too many elements/],
    ['very many elements', `<xml>${'<a/>'.repeat(10_000)}</xml>`, /too many elements/],
    ['another root', '<html><A>1</A></html>', /no fields/],
    ['text alone', '<xml>text</xml>', /no fields/],
  ])('with %s is refused', (_name, xml, words) => {
    expect(() => read(xml)).toThrow(words);
  });

  test('that anybody can send is not parsed before its signature is checked: it would keep the relay busy', () => {
    const parse = jest.fn();
    const strict = createJsonReader(settings, parse);
    const attributes = Array.from({ length: 100_000 }, (_none, n) => `a${n}=""`).join(' ');
    for (const body of [`<xml ${attributes}/>`, `<xml>${'<Encrypt>AAAA'.repeat(80_000)}</xml>`]) {
      expect(() => strict.read(sealed('{}').query, body)).toThrow(/no "Encrypt"/);
    }
    expect(() => strict.read(signed('x'), '<xml><Encrypt>AAAA</Encrypt></xml>')).toThrow(/"msg_signature"/);
    expect(parse).not.toHaveBeenCalled();
  });

  test('where there is no parser of it, it is refused with the way out', () => {
    const options = { appid, token: TOKEN, mode: 'plain', now } as const;
    const readJson = createJsonReader(options);
    expect(() => readJson.read(signed(), '<xml><A>1</A></xml>')).toThrow(/Choose JSON in the console/);
  });
});

test.each<[string, Partial<PushOptions>]>([
  ['no token', { token: '' }],
  ['no key in safe mode', { encodingAESKey: undefined }],
  ['a key that is too short', { encodingAESKey: encodingAESKey.slice(1) }],
  ['a key with other characters', { encodingAESKey: `${encodingAESKey.slice(1)}!` }],
])('%s is an error that quotes no secret', (_name, wrong) => {
  const make = (): unknown => createPushReader({ ...settings, ...wrong });
  expect(make).toThrow(/^Failed to make the reader of pushes: "/);
  expect(make).not.toThrow(new RegExp(encodingAESKey.slice(2, 30)));
});
