import { ERR_CALL, ERR_TIMEOUT } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Call, createTimer, type Details } from '../call';
import { filePathOf, isBytes } from '../content';
import { has } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parseObject, takeEnvelope } from '../reply';
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
 * Posts a question to the relay, and again after a loss: the relay answers a repeat with the outcome that it
 * has stored under the same id, and sends nothing twice (design.md, Money 1 and 6).
 *
 * @param leaving - runs before the first message that may cost leaves
 * @param done - gets the relay's answer
 */
function ask(
  call: Call,
  path: string,
  question: object,
  leaving: () => void,
  done: (reply: any) => void,
): void {
  const { limits } = registry();
  const setTimer = createTimer(call);
  let repeats = 0;

  function again(errCode: number, text: string, details?: Details): void {
    if (repeats++ < limits.repeats) setTimer(limits.pollInterval, send);
    else call.fail(errCode, text, details);
  }
  function send(): void {
    const timeout = limits.messageTimeout;
    setTimer(timeout, () =>
      again(ERR_TIMEOUT, '104 . timeout for retry, cannot retry fetching the result anymore'),
    );
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
            else if (answer.statusCode >= 500) again(ERR_CALL, 'request:fail HTTP ' + answer.statusCode);
            else answered(answer);
          },
          again,
        );
      },
      (answer) => done(parseObject(answer.data)),
    );
  }
  send();
}

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  lacks(capability) {
    const { configuration, host } = registry();
    if (!configuration.relay) return 'relay.url is not configured';
    if (capability === 'consumeType') return 'the relay sets consumeType itself, by its configuration';
    const api = capability === 'upload' ? 'uploadFile' : 'request';
    return has(host, api) ? '' : 'no wx.' + api + ' on this host';
  },

  call(call, { service, api, async }, data) {
    const question = { service, api, data, client_msg_id: call.clientMsgId, async: async ? true : undefined };
    function leaving(): void {
      call.billing = 'unknown';
    }
    ask(call, '/invoke', question, leaving, (reply) => takeEnvelope(call, reply, async));
  },

  retrieve(call, requestId, done) {
    ask(call, '/retrieve', { request_id: requestId }, () => {}, done);
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
