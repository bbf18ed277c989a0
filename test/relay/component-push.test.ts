/** What reaches the address for authorization events: forged, replayed, late, for another, and XML that attacks. */
import * as oracle from '@wecom/crypto';
import { createPushReader, PushRefusal } from '../../src/openapi';
import { composePush } from '../../src/simulator';
import { otherLetter } from '../support/letters';
import { COMPONENT, openComponent, type Opened, PUSH } from './support/open-component';

const settings = { url: '', ...PUSH, format: 'xml' as const };
const nowS = (): number => Math.floor(Date.now() / 1000);

function ticketMessage(value: string, further: object = {}): object {
  return {
    AppId: COMPONENT.appid,
    CreateTime: nowS(),
    InfoType: 'component_verify_ticket',
    ComponentVerifyTicket: value,
    ...further,
  };
}

/** A push of the platform's, which somebody may have seen. */
const sealed = (message: object, appid = COMPONENT.appid, keys: Partial<typeof PUSH> = {}) =>
  composePush(message, appid, { ...settings, ...keys }, { AppId: appid });

/** Whatever XML, encrypted and signed by whoever knows the keys. */
function sealedXml(xml: string) {
  const Encrypt = oracle.encrypt(PUSH.encodingAESKey, xml, COMPONENT.appid);
  const [timestamp, nonce] = [String(nowS()), '7'];
  const msg_signature = oracle.getSignature(PUSH.token, timestamp, nonce, Encrypt);
  return {
    query: { timestamp, nonce, encrypt_type: 'aes', msg_signature },
    body: `<xml><AppId>${COMPONENT.appid}</AppId><Encrypt>${Encrypt}</Encrypt></xml>`,
  };
}

async function deliver({ settings: { push } }: Opened, { query, body }: ReturnType<typeof sealed>) {
  const answer = await fetch(`${push?.url}?${new URLSearchParams(query)}`, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
}

/** The ticket that is used for the next token. */
async function usedTicket(opened: Opened): Promise<unknown> {
  await opened.component.authorize('any').catch(() => {});
  const asked = opened.platform.requests.filter(({ path }) => path.endsWith('api_component_token'));
  return (asked.at(-1)?.body as { component_verify_ticket: string } | undefined)?.component_verify_ticket;
}

test('the genuine one is taken, as another implementation makes it too', async () => {
  const opened = await openComponent();
  expect(await deliver(opened, sealed(ticketMessage('ticket@@@1')))).toEqual({
    status: 200,
    text: 'success',
  });
  expect(await usedTicket(opened)).toBe('ticket@@@1');
  const xml =
    `<xml><AppId><![CDATA[${COMPONENT.appid}]]></AppId><CreateTime>${nowS() + 1}</CreateTime>` +
    '<InfoType><![CDATA[component_verify_ticket]]></InfoType>' +
    '<ComponentVerifyTicket><![CDATA[ticket@@@2]]></ComponentVerifyTicket></xml>';
  expect(await deliver(opened, sealedXml(xml))).toMatchObject({ status: 200 });
  expect(await usedTicket(opened)).toBe('ticket@@@2');
});

test.each<[string, () => ReturnType<typeof sealed>]>([
  ['made without the token', () => sealed(ticketMessage('t'), COMPONENT.appid, { token: 'guessed' })],
  [
    'made with another key',
    () => sealed(ticketMessage('t'), COMPONENT.appid, { encodingAESKey: `x${PUSH.encodingAESKey.slice(1)}` }),
  ],
  [
    'not encrypted',
    () => composePush(ticketMessage('t'), COMPONENT.appid, { ...settings, mode: 'plain' }, { AppId: 'x' }),
  ],
  ['for another third-party platform', () => sealed(ticketMessage('t'), 'wxcomponent2')],
  [
    'for another third-party platform inside',
    () => sealed(ticketMessage('t', { AppId: 'wxcomponent2' }), COMPONENT.appid),
  ],
  ['without its appid', () => sealed(ticketMessage('t', { AppId: '' }))],
  ['without a time', () => sealed(ticketMessage('t', { CreateTime: 'soon' }))],
  ['without a ticket', () => sealed(ticketMessage(''))],
  [
    'changed on its way',
    () => {
      const push = sealed(ticketMessage('t'));
      return { ...push, body: push.body.replace(/(?<=Encrypt><!\[CDATA\[.{20})./, otherLetter) };
    },
  ],
  [
    'signed for another time',
    () => {
      const push = sealed(ticketMessage('t'));
      return { ...push, query: { ...push.query, timestamp: String(Number(push.query.timestamp) + 1) } };
    },
  ],
])('one that is %s is refused, and nothing is kept', async (_name, make) => {
  const opened = await openComponent();
  expect(await deliver(opened, make())).toEqual({ status: 500, text: '' });
  expect(opened.failures).toEqual([expect.any(PushRefusal)]);
  await expect(opened.component.authorize('any')).rejects.toThrow('no ticket has come');
});

test.each([
  ['a document type', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  ['an entity of its own', '<!DOCTYPE xml [<!ENTITY x "y">]><xml><AppId>&x;</AppId></xml>'],
  ['an external entity', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><a>&x;</a></xml>'],
  ['an entity that nobody declared', '<xml><AppId>&x;</AppId></xml>'],
  ['a thousand elements', `<xml>${'<a>1</a>'.repeat(1000)}</xml>`],
  ['a deep nest', `<xml>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</xml>`],
  ['no end', '<xml><AppId>wxcomponent</AppId>'],
  [
    'a field twice',
    `<xml><AppId>${COMPONENT.appid}</AppId><AppId>x</AppId><InfoType>component_verify_ticket</InfoType></xml>`,
  ],
  [
    'fields within a ticket',
    `<xml><AppId>${COMPONENT.appid}</AppId><CreateTime>${nowS()}</CreateTime>` +
      '<InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket><a>1</a></ComponentVerifyTicket></xml>',
  ],
])('XML with %s is refused, inside and outside', async (_name, xml) => {
  const opened = await openComponent();
  expect((await deliver(opened, sealedXml(xml))).status).toBe(500);
  const { query } = sealedXml('<xml></xml>');
  expect((await deliver(opened, { query, body: xml } as never)).status).toBe(500);
  expect(opened.failures).toEqual([expect.any(PushRefusal), expect.any(PushRefusal)]);
  await expect(opened.component.authorize('any')).rejects.toThrow('no ticket has come');
});

describe('what was seen on its way and is sent again', () => {
  test('within five minutes: a ticket does not replace a newer one', async () => {
    const opened = await openComponent();
    const old = sealed(ticketMessage('old'));
    await deliver(opened, old);
    await deliver(opened, sealed(ticketMessage('new', { CreateTime: nowS() + 1 })));
    expect(await deliver(opened, old)).toMatchObject({ status: 200 });
    expect(await usedTicket(opened)).toBe('new');
  });

  test('within five minutes: an end does not end a newer authorization', async () => {
    const opened = await openComponent({}, ['wxmerchant']);
    const end = sealed({
      AppId: COMPONENT.appid,
      CreateTime: nowS() - 1,
      InfoType: 'unauthorized',
      AuthorizerAppid: 'wxmerchant',
    });
    expect(await deliver(opened, end)).toMatchObject({ status: 200 });
    expect(await opened.component.isAuthorized('wxmerchant')).toBe(true);
  });

  test('within five minutes: an authorization does not come back after its end', async () => {
    const told: string[] = [];
    const opened = await openComponent({ onAuthorized: (app) => told.push(app) }, ['wxfirst']);
    const message = { AppId: COMPONENT.appid, CreateTime: nowS(), AuthorizerAppid: 'wxmerchant' };
    const { push } = opened.settings;
    opened.settings.push = undefined;
    const AuthorizationCode = await opened.platform.component.authorize('wxmerchant');
    opened.settings.push = push;
    const begin = sealed({ ...message, InfoType: 'authorized', AuthorizationCode });
    await deliver(opened, begin);
    await deliver(opened, sealed({ ...message, InfoType: 'unauthorized', CreateTime: nowS() + 1 }));
    expect(await deliver(opened, begin)).toMatchObject({ status: 200 });
    expect(await opened.component.isAuthorized('wxmerchant')).toBe(false);
    // Nor is the owner told of it again.
    expect(told).toEqual(['wxfirst', 'wxmerchant']);
  });

  test('in any order: what lies between two authorizations does not end the newer one', async () => {
    const opened = await openComponent({}, ['wxfirst']);
    const { push } = opened.settings;
    opened.settings.push = undefined;
    const codes = [
      await opened.platform.component.authorize('wxmerchant'),
      await opened.platform.component.authorize('wxmerchant'),
    ];
    opened.settings.push = push;
    const at = (seconds: number, InfoType: string, AuthorizationCode?: string) =>
      deliver(
        opened,
        sealed({
          AppId: COMPONENT.appid,
          CreateTime: nowS() + seconds,
          AuthorizerAppid: 'wxmerchant',
          InfoType,
          ...(AuthorizationCode && { AuthorizationCode }),
        }),
      );
    await at(60, 'authorized', codes[1]);
    await at(0, 'authorized', codes[0]);
    await at(30, 'unauthorized');
    expect(await opened.component.isAuthorized('wxmerchant')).toBe(true);
  });

  test('after five minutes: everything is refused', async () => {
    const opened = await openComponent();
    const push = sealed(ticketMessage('t'));
    const later = createPushReader({ appid: COMPONENT.appid, ...PUSH, now: () => Date.now() + 301_000 });
    expect(() => later.read(push.query, push.body)).toThrow('its time is more than 300 s');
    await expect(opened.component.authorize('any')).rejects.toThrow('no ticket has come');
  });
});

test('a reader that accepts plain messages proves nothing to it', async () => {
  const opened = await openComponent();
  const pushes = createPushReader({ appid: COMPONENT.appid, token: PUSH.token, mode: 'plain' });
  const { query, body } = composePush(ticketMessage('t'), COMPONENT.appid, { ...settings, mode: 'plain' });
  await expect(opened.component.receive(pushes.read(query, body))).rejects.toThrow(PushRefusal);
  await expect(opened.component.authorize('any')).rejects.toThrow('no ticket has come');
});

test('the code of one app cannot authorize another', async () => {
  const opened = await openComponent({}, ['wxfirst']);
  opened.settings.push = undefined;
  const AuthorizationCode = await opened.platform.component.authorize('wxmerchant');
  const push = createPushReader({ appid: COMPONENT.appid, ...PUSH });
  const { query, body } = sealed({
    AppId: COMPONENT.appid,
    CreateTime: nowS(),
    InfoType: 'authorized',
    AuthorizerAppid: 'wxfirst',
    AuthorizationCode,
  });
  await expect(opened.component.receive(push.read(query, body))).rejects.toThrow('for another app');
  expect(await opened.component.isAuthorized('wxmerchant')).toBe(false);
});

test('an event that nobody knows here is accepted, and has no effect', async () => {
  const opened = await openComponent({}, ['wxmerchant']);
  const message = { AppId: COMPONENT.appid, CreateTime: nowS(), InfoType: 'notify_third_fasteregister' };
  expect(await deliver(opened, sealed(message))).toEqual({ status: 200, text: 'success' });
  expect(await opened.component.isAuthorized('wxmerchant')).toBe(true);
});
