import type { CDNContent } from '../../protocol';
import { markSent } from '../core/call';
import type { Failure } from '../core/failure';
import { has, missingApi } from '../core/host';
import { callHost, withUploadProgress } from '../core/host-call';
import type { Call, Channel } from '../core/types';
import { filePathOf, isBytes } from '../payload/content';
import { parseObject, readEnvelope } from './reply';
import { type Answer, requestWithPolling, toLoss } from './request-loop';
import { type HttpAnswer, post, relayFailure, relayUrl, unwrapBody, withSession } from './session';

const FILES = '/files';

/** Strings and bytes go in the body: no temporary file to clean up, and old hosts have no file system. */
function sendBody(call: Call, content: CDNContent, header: object, timeout: number): Promise<HttpAnswer> {
  const type = isBytes(content) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  const typed = Object.assign({ 'content-type': type }, header);
  return post(call, FILES, content, { header: typed, timeout }).then(null, (fault: Failure) => {
    // Hosts that accept no ArrayBuffer as a body say so before anything is sent.
    if (!isBytes(content) || !/parameter/.test(fault.errMsg)) throw fault;
    const base64 = call.app.host!.arrayBufferToBase64(content);
    return post(call, FILES, { base64 }, { header, timeout });
  });
}

/** What an HTTP answer to a message says about it. */
function toAnswer(answer: HttpAnswer): Answer {
  const { statusCode } = answer;
  const body = parseObject(answer.data);
  const isUnsent = body.billing === 'none';
  // The relay answered the call itself, though it may be with an error of the service.
  const isReply = statusCode !== 401 && typeof body.errcode === 'number';
  if (statusCode < 300 || isReply) return { kind: 'answer', body, isUnsent };
  const cause = relayFailure(answer);
  // A 5xx without errcode comes from a proxy, not from the relay, so the outcome is unknown: treat it as a loss.
  return statusCode < 500 ? { kind: 'fatal', cause, isUnsent } : { kind: 'lost', cause };
}

/** What became of a message for which no HTTP answer came. */
function toRelayLoss(cause: Failure): Answer {
  // Without a session nothing was sent, and each further try would be another login.
  const isSession = /^session:/.test(cause.errMsg);
  return isSession && !cause.refused ? { kind: 'fatal', cause } : toLoss(cause);
}

/**
 * Posts a question to the relay, and again after a loss: the relay answers a repeat with the outcome that it
 * has stored under the same id, and sends nothing twice (design.md, Money 1 and 6).
 *
 * @param beforeSending - called once there is a session, immediately before the question leaves
 * @param read - makes a result of the relay's reply
 */
function ask<R>(
  call: Call,
  path: string,
  question: object,
  beforeSending: (call: Call) => void,
  read: (reply: any) => R | undefined,
): Promise<R> {
  return requestWithPolling(
    call,
    () =>
      withSession(call, (header) => {
        beforeSending(call);
        return post(call, path, question, { header });
      }).then(toAnswer, toRelayLoss),
    read,
  );
}

/**
 * Alipay requires it of `my.uploadFile`, also behind `uni` and `Taro` (docs/other-hosts.md); other hosts ignore it.
 * Temporary files end in the kind there, for example `.video`.
 */
function fileTypeOf(filePath: string): 'image' | 'video' | 'audio' {
  const [, isVideo, isAudio] = /\.(?:(video|mp4|mov|m4v)|(audio|mp3|m4a|aac|wav|amr))$/i.exec(filePath) || [];
  return isVideo ? 'video' : isAudio ? 'audio' : 'image';
}

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  unavailableReason({ app: { host, configuration } }, capability) {
    const settings = configuration.relay;
    if (!settings) return 'relay.url is not configured';
    if (!settings.credential && !has(host, 'login')) return 'no wx.login on this host: set relay.credential';
    if (capability === 'consumeType') return 'the relay sets consumeType itself, by its configuration';
    return missingApi(host, capability === 'upload' ? 'uploadFile' : 'request');
  },

  call(call, { service, api, async }, data) {
    const question = { service, api, data, client_msg_id: call.clientMsgId, async: async ? true : undefined };
    return ask(call, '/invoke', question, markSent, (reply) => readEnvelope(call, reply, async));
  },

  retrieve: (call, requestId) =>
    ask(
      call,
      '/retrieve',
      { request_id: requestId },
      () => {},
      (reply) => reply,
    ),

  upload: (call, content, onBytes, timeout) =>
    withSession(call, (header) => {
      const filePath = filePathOf(content);
      if (!filePath) return sendBody(call, content, header, timeout);
      const parameters = {
        url: relayUrl(call, FILES),
        name: 'file',
        filePath,
        fileType: fileTypeOf(filePath),
        header,
        timeout,
      };
      return callHost(call, 'uploadFile', parameters, undefined, withUploadProgress(onBytes));
    }).then((answer) => unwrapBody(answer).url),
};
