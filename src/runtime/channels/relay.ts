import type { Billing, CDNContent } from '../../protocol';
import type { Call } from '../core/call';
import { filePathOf, isBytes } from '../payload/content';
import type { Failure } from '../core/failure';
import { has, lackOf } from '../core/host';
import { callHost } from '../core/host-call';
import { registry } from '../core/registry';
import { parseObject, readEnvelope } from './reply';
import type { Channel } from '../core/channel';
import { converse } from './request-loop';
import { bodyOf, type HttpAnswer, post, relayUrl, withSession } from './session';
import { watched } from '../core/upload-progress';

const FILES = '/files';

/** Text and bytes go in the body: no temp file to clean up, and old hosts have no file system. */
function sendBody(call: Call, content: CDNContent, header: object, timeout: number): Promise<HttpAnswer> {
  const type = isBytes(content) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  const typed = Object.assign({ 'content-type': type }, header);
  return post(call, FILES, content, { header: typed, timeout }).then(null, (fault: Failure) => {
    // Hosts such as 1.6.0 take no ArrayBuffer as a body, and say so before anything is sent.
    if (!isBytes(content) || !/parameter/.test(fault.errMsg)) throw fault;
    const base64 = registry().host!.arrayBufferToBase64(content);
    return post(call, FILES, { base64 }, { header, timeout });
  });
}

/** Whether the relay answered the call itself, be it with the error of the service. */
function isReply(answer: HttpAnswer): boolean {
  return answer.statusCode !== 401 && typeof parseObject(answer.data).errcode === 'number';
}

/**
 * Posts a question to the relay, and again after a loss: the relay answers a repeat with the outcome that it
 * has stored under the same id, and sends nothing twice (design.md, Money 1 and 6).
 *
 * @param billing - of the call once the question leaves
 * @param read - makes a result of the relay's reply
 */
function ask<R>(
  call: Call,
  path: string,
  question: object,
  billing: Billing,
  read: (reply: any) => R | undefined,
): Promise<R> {
  return converse(
    call,
    () =>
      withSession(call, (header) => {
        call.billing = billing;
        return post(call, path, question, { header });
      }).then(
        (answer) => {
          call.isUnsent = parseObject(answer.data).billing === 'none';
          // From a gateway in front of the relay: it does not know what became of the call.
          bodyOf(answer, answer.statusCode < 500 || isReply(answer));
          return () => read(bodyOf(answer, answer.statusCode < 300 || isReply(answer)));
        },
        (fault: Failure) => {
          if (!/^session:/.test(fault.errMsg) || fault.refused) throw fault;
          // No loss of a message: nothing has left, and each further try would be another login.
          return () => {
            throw fault;
          };
        },
      ),
    (settle) => settle(),
  );
}

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  lacks(call, capability) {
    const { host } = registry();
    const settings = call.configuration.relay;
    if (!settings) return 'relay.url is not configured';
    if (!settings.credential && !has(host, 'login')) return 'no wx.login on this host: set relay.credential';
    if (capability === 'consumeType') return 'the relay sets consumeType itself, by its configuration';
    return lackOf(host, capability === 'upload' ? 'uploadFile' : 'request');
  },

  call(call, { service, api, async }, data) {
    const question = { service, api, data, client_msg_id: call.clientMsgId, async: async ? true : undefined };
    return ask(call, '/invoke', question, 'unknown', (reply) => readEnvelope(call, reply, async));
  },

  retrieve: (call, requestId) => ask(call, '/retrieve', { request_id: requestId }, 'none', (reply) => reply),

  upload: (call, content, sent, timeout) =>
    withSession(call, (header) => {
      const filePath = filePathOf(content);
      if (!filePath) return sendBody(call, content, header, timeout);
      const parameters = { url: relayUrl(call, FILES), name: 'file', filePath, header, timeout };
      return callHost(call, 'uploadFile', parameters, watched(registry().host, sent));
    }).then((answer) => bodyOf(answer).url),
};
