import type { CDNContent } from '../../protocol';
import type { Call } from '../call';
import { filePathOf, isBytes } from '../content';
import { has } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parse } from '../reply';
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

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  lacks(capability) {
    const { configuration, host } = registry();
    if (capability !== 'upload') return 'carries uploads only';
    if (!configuration.relay) return 'relay.url is not configured';
    return has(host, 'request') && has(host, 'uploadFile')
      ? ''
      : 'no wx.request or wx.uploadFile on this host';
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
      (answer) => done(parse(answer.data).url),
    );
  },
};
