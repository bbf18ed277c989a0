/** Pushes that are not the platform's, or not for this app: whatever takes pushes has to refuse them all. */
import { composePush, type PushSettings } from '../../../src/simulator';

/** Its name, the HTTP status that refuses it, and the push, which claims to be the result of a task. */
export type Forgery = [
  name: string,
  status: number,
  make: (requestId: string) => { query: Record<string, string>; body: string },
];

/** The platform's event for a task that is done. */
export function resultOf(RequestID: string, Data: unknown = '{"text":"pushed"}'): object {
  const event = { MsgType: 'event', Event: 'servicemarket_async_api_result', Service: 's', Api: 'a' };
  return { ToUserName: 'gh', FromUserName: 'o', CreateTime: 1, ...event, RequestID, Data };
}

/** @param settings - the right ones, of safe mode */
export function forgeries(appid: string, settings: PushSettings): Forgery[] {
  const forged = '{"text":"forged"}';
  const other = { ...settings, encodingAESKey: `B${settings.encodingAESKey?.slice(1)}` };
  const sealed = (id: string) => composePush(resultOf(id, forged), appid, settings);
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>';
  return [
    ['forged: no signature', 403, (id) => ({ query: {}, body: JSON.stringify(resultOf(id, forged)) })],
    [
      'forged: a plain message',
      403,
      (id) => composePush(resultOf(id, forged), appid, { ...settings, mode: 'plain' }),
    ],
    [
      'forged: another token',
      403,
      (id) => composePush(resultOf(id, forged), appid, { ...settings, token: 'B' }),
    ],
    ['forged: another key', 403, (id) => composePush(resultOf(id, forged), appid, other)],
    [
      'forged: another message under a good signature',
      403,
      (id) => ({ ...sealed(id), body: sealed(id).body }),
    ],
    ['for another app', 403, (id) => composePush(resultOf(id, forged), 'wxother', settings)],
    ['no JSON', 403, (id) => ({ ...sealed(id), body: '{' })],
    ['nothing', 403, (id) => ({ ...sealed(id), body: '' })],
    ['XML with entities', 403, (id) => ({ ...sealed(id), body: bomb })],
    ['too large', 413, (id) => ({ ...sealed(id), body: JSON.stringify({ Encrypt: 'A'.repeat(1_100_000) }) })],
  ];
}
