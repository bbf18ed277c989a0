import { ERR_ARGUMENT, ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Failure, failure } from '../core/failure';
import { missingApi } from '../core/host';
import { askHost, callHost, ignore, withUploadProgress } from '../core/host-call';
import { prepareToSend } from '../core/network';
import type { Call, Channel } from '../core/types';
import { filePathOf, isBytes, sizeOf } from '../payload/content';
import { readEnvelope, toEnvelope } from './envelope';
import { uploadNeeds } from './host-needs';
import { parseObject } from './reply';
import { type Answer, requestWithPolling, toNetworkLoss } from './request-loop';
import {
  detailsOf,
  type HttpAnswer,
  post,
  relayFailure,
  relayUrl,
  toHttpAnswer,
  unwrapBody,
  withSession,
} from './session';

const FILES = '/files';
/** The relay's status for a file that is not as long as the phone meant. */
const MISMATCH = 422;
/**
 * A host that makes text of a buffer sends `{}` or `[object ArrayBuffer]`, up to 20 bytes: its length proves nothing of a
 * buffer that is no longer.
 */
const MAX_UNPROVED_BYTES = 20;
/** Among the app's refusals: the host does not send bytes as they are. */
const RAW_BYTES = 'relaybytes';

/**
 * Uploads a string or bytes in the body of a request: no temporary file to clean up, and old hosts have no file system.
 * Some hosts change bytes on their way, or send others (1.6.0 the string `{}`), and report success. So an upload counts
 * only if the relay says how long it is; else it goes again in JSON, which every host sends as it is.
 */
function sendBody(
  call: Call,
  content: CDNContent,
  size: number,
  header: object,
  timeout: number,
): Promise<HttpAnswer> {
  const { refusals, host } = call.app;
  const isBinary = isBytes(content);

  /** @param asJson - bytes as base64 */
  function send(asJson?: boolean): Promise<HttpAnswer> {
    const type = asJson
      ? 'application/json'
      : isBinary
        ? 'application/octet-stream'
        : 'text/plain; charset=utf-8';
    const json = () => (isBinary ? { base64: host!.arrayBufferToBase64(content) } : { text: content });
    return post(call, FILES, asJson ? json() : content, {
      header: Object.assign({ 'content-type': type }, header),
      timeout,
    });
  }

  if (isBinary && (refusals[RAW_BYTES] || size <= MAX_UNPROVED_BYTES)) return send(true);
  return send().then(
    (answer) => {
      const { size: stored } = parseObject(answer.data);
      // An older relay does not say what it has stored, which proves nothing of bytes; strings arrive on every host.
      const isProved = stored === undefined ? !isBinary : stored === size;
      if (answer.statusCode < 300 ? isProved : answer.statusCode !== MISMATCH) return answer;
      if (isBinary) refusals[RAW_BYTES] = 'changed';
      return send(true);
    },
    (fault: Failure) => {
      // Some hosts accept no ArrayBuffer as a body, and say so before anything is sent.
      if (isBinary && /parameter/.test(fault.errMsg)) return send(true);
      throw fault;
    },
  );
}

/** The bytes of a file, if the host can tell. */
function fileSize(call: Call, filePath: string): Promise<number | undefined> {
  // Some hosts know of no file that a picker returned, and upload it all the same.
  return askHost(call, 'getFileInfo', { filePath }).then(({ size }) => size);
}

/** Uploads a file by the host's own API. */
function sendFile(
  call: Call,
  filePath: string,
  header: object,
  timeout: number,
  onBytes: (sent: number, total: number) => void,
): Promise<HttpAnswer> {
  const parameters = Object.assign(uploadNeeds(filePath), {
    url: relayUrl(call, FILES),
    name: 'file',
    filePath,
    header,
    timeout,
  });
  return callHost(call, 'uploadFile', parameters, undefined, withUploadProgress(onBytes)).then(toHttpAnswer);
}

/** What an HTTP answer to a message says about it. */
function toAnswer(answer: HttpAnswer): Answer {
  const { statusCode } = answer;
  const body = parseObject(answer.data);
  const isUnsent = body.billing === 'none';
  // The relay answered the call itself, though it may be with an error of the service.
  const isReply = statusCode !== 401 && typeof body.errcode === 'number';
  if (statusCode < 300 || isReply)
    return { kind: 'answer', body, isUnsent, details: statusCode < 300 ? undefined : detailsOf(answer) };
  const cause = relayFailure(answer);
  // A 5xx without errcode comes from a proxy, not from the relay, so the outcome is unknown: treat it as a loss.
  return statusCode < 500 ? { kind: 'fatal', cause, isUnsent } : { kind: 'lost', cause };
}

/** What became of a message for which no HTTP answer came. */
function toRelayLoss(cause: Failure): Answer {
  // Without a session nothing was sent, and each further try would be another login.
  const isSession = /^session:/.test(cause.errMsg);
  return isSession && !cause.refused ? { kind: 'fatal', cause } : toNetworkLoss(cause);
}

/**
 * Posts a question to the relay, and again after a loss: the relay answers a repeat with the outcome that it
 * has stored under the same id, and sends nothing twice (design.md, Money 1 and 6).
 *
 * @param beforeSending - called once there is a session, immediately before the question leaves; may keep it back
 * @param read - makes a result of the relay's reply
 */
function ask<R>(
  call: Call,
  path: string,
  question: object,
  beforeSending: (call: Call) => void | Promise<void>,
  read: (reply: any) => R | undefined,
): Promise<R> {
  return requestWithPolling(
    call,
    () =>
      withSession(call, (header) =>
        Promise.resolve(beforeSending(call)).then(() => post(call, path, question, { header })),
      ).then(toAnswer, toRelayLoss),
    read,
  );
}

/** An HTTPS relay that holds the credentials (design.md, "Relay HTTP"). */
export const relay: Channel = {
  unavailableReason({ app: { host, configuration } }, capability) {
    const settings = configuration.relay;
    if (!settings) return 'relay.url is not configured';
    const noLogin = !settings.credential && missingApi(host, 'login');
    if (noLogin) return noLogin + ': set relay.credential';
    if (capability === 'consumeType') return 'the relay sets consumeType';
    return missingApi(host, capability === 'upload' ? 'uploadFile' : 'request');
  },

  call: (call, options, payload) =>
    ask(call, '/invoke', toEnvelope(call, options, payload), prepareToSend, (reply) =>
      readEnvelope(call, reply, options.async),
    ),

  retrieve: (call, requestId, wait_ms) =>
    ask(call, '/retrieve', { wait_ms, request_id: requestId }, ignore, Object),

  upload(call, content, onBytes, timeout) {
    const filePath = filePathOf(content);
    const known: Promise<number | undefined> = filePath
      ? fileSize(call, filePath)
      : Promise.resolve(sizeOf(content));
    return known.then((size) => {
      const { fileBytes } = call.app.limits;
      // The relay refuses a file that is too large only after it has been sent.
      if (size! > fileBytes)
        throw failure(ERR_ARGUMENT, 'file too large: ' + size + ' bytes, limits.fileBytes is ' + fileBytes);
      // The relay refuses any other length before it stores anything.
      const length = size === undefined ? {} : { 'X-Content-Bytes': '' + size };
      return withSession(call, (authorization) => {
        const header = Object.assign(length, authorization);
        return filePath
          ? sendFile(call, filePath, header, timeout, onBytes)
          : sendBody(call, content, size!, header, timeout);
      }).then((answer) => {
        const { url, size: stored } = unwrapBody(answer);
        // NaN where one of them is not known. A host reads a file itself, so an older relay's silence is accepted there.
        if (size! - stored) throw failure(ERR_CALL, 'upload:fail ' + stored + ' of ' + size + ' bytes');
        return url;
      });
    });
  },
};
