import { ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import type { Call } from '../call';
import { filePathOf, isBytes } from '../content';
import { has } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parseObject, takeEnvelope } from '../reply';
import { ask } from './ask';
import type { Channel } from './channel';
import { type HttpAnswer, post, relayUrl, withSession } from './session';

const FILES = '/files';

/** Text and bytes go in the body: no temp file to clean up, and old hosts have no file system. */
function sendBody(
  call: Call,
  content: CDNContent,
  header: object,
  timeout: number,
  answered: (answer: HttpAnswer) => void,
): void {
  const type = isBytes(content) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  const typed = Object.assign({ 'content-type': type }, header);
  post(call, FILES, content, { header: typed, timeout }, answered, (errCode, text, details) => {
    // Hosts such as 1.6.0 take no ArrayBuffer as a body, and say so before anything is sent.
    if (!isBytes(content) || !/parameter/.test(text)) return call.fail(errCode, text, details);
    const base64 = registry().host!.arrayBufferToBase64(content);
    post(call, FILES, { base64 }, { header, timeout }, answered);
  });
}

/**
 * Asks the relay a question (ask.ts).
 *
 * @param leaving - runs before the first message that may cost leaves
 * @param done - gets the relay's answer
 */
function askRelay(
  call: Call,
  path: string,
  question: object,
  leaving: () => void,
  done: (reply: any) => void,
): void {
  ask(call, (lost) =>
    withSession(
      call,
      (header, answered) => {
        leaving();
        post(
          call,
          path,
          question,
          { header },
          (answer) => {
            const reply = parseObject(answer.data);
            const isReply = typeof reply.errcode === 'number';
            if (isReply && answer.statusCode !== 401) done(reply);
            // From a gateway in front of the relay: it does not know what became of the call.
            else if (answer.statusCode >= 500) lost(ERR_CALL, 'request:fail HTTP ' + answer.statusCode);
            else answered(answer);
          },
          lost,
        );
      },
      (answer) => done(parseObject(answer.data)),
    ),
  );
}

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  lacks(capability) {
    const { configuration, host } = registry();
    const settings = configuration.relay;
    if (!settings) return 'relay.url is not configured';
    if (!settings.credential && !has(host, 'login')) return 'no wx.login on this host: set relay.credential';
    if (capability === 'consumeType') return 'the relay sets consumeType itself, by its configuration';
    const api = capability === 'upload' ? 'uploadFile' : 'request';
    return has(host, api) ? '' : 'no wx.' + api + ' on this host';
  },

  call(call, { service, api, async }, data) {
    const question = { service, api, data, client_msg_id: call.clientMsgId, async: async ? true : undefined };
    function leaving(): void {
      call.billing = 'unknown';
    }
    askRelay(call, '/invoke', question, leaving, (reply) => takeEnvelope(call, reply, async));
  },

  retrieve(call, requestId, done) {
    askRelay(call, '/retrieve', { request_id: requestId }, () => {}, done);
  },

  upload(call, content, done, sent, _refused, timeout) {
    const filePath = filePathOf(content);
    withSession(
      call,
      (header, answered) => {
        if (!filePath) return sendBody(call, content, header, timeout, answered);
        const parameters = { url: relayUrl(FILES), name: 'file', filePath, header, timeout };
        const task = callHost(call, 'uploadFile', parameters, answered);
        if (has(task, 'onProgressUpdate')) {
          task.onProgressUpdate((progress: any) => {
            sent(progress.totalBytesSent, progress.totalBytesExpectedToSend);
          });
        }
      },
      (answer) => done(parseObject(answer.data).url),
    );
  },
};
