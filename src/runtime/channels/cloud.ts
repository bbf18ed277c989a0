import { ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { createTimer, newId, onCallEnd } from '../core/call';
import { callSafely } from '../core/callbacks';
import { type Failure, failure } from '../core/failure';
import { has, type Host, read } from '../core/host';
import { callHost, ignore, ignoreRejection, withUploadProgress } from '../core/host-call';
import { prepareToSend } from '../core/network';
import type { Call, Channel } from '../core/types';
import { filePathOf } from '../payload/content';
import { readEnvelope, toEnvelope } from './envelope';
import { parseObject } from './reply';
import { type Answer, requestWithPolling, toNetworkLoss } from './request-loop';

/** The texts of `wx.cloud` before `init`, and for a moment after it. */
const NOT_READY = /isn't enabled|cloud\.init/;
/** Codes between these are the server's: a function that failed has run, whatever its text says. */
const CLIENT_CODE = -600000;
/**
 * The phone's own SDK uses it for every error that has no code, so also for that of an app without `init`. From 2.11 on
 * it has it for a refusal of the server too, whose code is in the text alone.
 */
const NO_CODE = -1;
const CODE_IN_TEXT = /errCode: (-\d+)/;

/** The SDK's code for an app that has no cloud environment (没有权限，请先开通云服务). */
const NO_CLOUD = -601034;

/**
 * Calls a member of `wx.cloud` in the configured environment. If the app has not called `init`, it is called here, and
 * then the member again: the first time nothing was sent.
 *
 * @param onTask - called with what the member returns
 */
function callCloud(call: Call, api: string, parameters: object, onTask?: (task: any) => void): Promise<any> {
  const { host, limits, configuration } = call.app;
  const { env } = configuration.cloud!;
  const { cloud } = host!;
  const setTimer = createTimer(call);
  let tries = 0;

  function attempt(): Promise<any> {
    return callHost(call, api, Object.assign({ config: { env } }, parameters), cloud, onTask).then(
      null,
      (fault: Failure) => {
        let { errCode: code } = Object(fault.cause);
        if (code === NO_CODE) code = +Object(CODE_IN_TEXT.exec(fault.errMsg))[1];
        const hasRun = code > CLIENT_CODE && code < NO_CODE;
        if (!hasRun && NOT_READY.test(fault.errMsg) && tries <= limits.repeats) {
          callSafely(() => cloud.init({ env }));
          // It may take a moment.
          return new Promise<void>((resolve) => setTimer(limits.pollInterval * tries++, resolve)).then(
            attempt,
          );
        }
        fault.errMsg = fault.errMsg.replace(/^\w+:fail cloud\./, 'cloud.');
        // A code is an answer, whatever its text says; that of an app without a cloud is a refusal.
        if (code) Object.assign(fault, { errCode: code, refused: code === NO_CLOUD });
        throw fault;
      },
    );
  }
  return attempt();
}

/**
 * Calls the function, and again after a loss.
 *
 * @param beforeSending - called before each message; may keep it back
 * @param read - makes a result of its answer
 */
function callFunction<R>(
  call: Call,
  data: object,
  beforeSending: (call: Call) => void | Promise<void>,
  read: (reply: any) => R | undefined,
): Promise<R> {
  const name = call.app.configuration.cloud!.function;
  return requestWithPolling(
    call,
    () =>
      Promise.resolve(beforeSending(call))
        .then(() => callCloud(call, 'callFunction', { name, data }))
        .then(({ result }): Answer => {
          const body = parseObject(result);
          return { kind: 'answer', body, isUnsent: body.billing === 'none' };
        }, toNetworkLoss),
    read,
  );
}

/**
 * Writes a string or bytes to a file, for as long as it takes to upload it.
 *
 * @returns its path, and a function that removes it: for when it is uploaded, else it is removed at the end of the call
 * @throws where the host has no file system, or no room
 */
function writeTempFile(call: Call, host: Host, data: CDNContent): { filePath: string; remove: () => void } {
  const filePath = host.env.USER_DATA_PATH + '/servicemarket_' + newId();
  const fs = host.getFileSystemManager();
  let exists = true;
  function remove(): void {
    if (exists) fs.unlink({ filePath, fail: ignore });
    exists = false;
  }
  onCallEnd(call, remove);
  fs.writeFileSync(filePath, data, 'utf8');
  return { filePath, remove };
}

/**
 * The CloudIDs in a payload, for the top level of a function's event: only there the platform resolves them.
 * The function puts them back where the payload has `{cloudID}`.
 */
function cloudIdsIn(payload: string | undefined, { cloud }: Host): { [name: string]: unknown } {
  const found: { [name: string]: unknown } = {};
  if (payload && payload.indexOf('"cloudID":') >= 0 && has(cloud, 'CloudID')) {
    JSON.parse(payload, (_key, value) => {
      if (value && typeof value.cloudID === 'string')
        found['cloudID:' + value.cloudID] = cloud.CloudID(value.cloudID);
      return value;
    });
  }
  return found;
}

/** Deletes an uploaded file at the end of the call. What that misses, the function sweeps after a day. */
function deleteAtEnd(call: Call, fileID: string): void {
  const { host, configuration } = call.app;
  const config = { env: configuration.cloud!.env };
  call.cloudFiles = (call.cloudFiles || []).concat(fileID);
  onCallEnd(call, () => {
    // A long task's function has taken the files over, and removes them when the result is there.
    if (call.cloudFiles)
      ignoreRejection(host!.cloud.deleteFile({ fileList: [fileID], config, fail: ignore }));
  });
}

/** A cloud function that calls the service market (design.md; the function is made by `init cloud-function`). */
export const cloud: Channel = {
  unavailableReason({ app: { host, configuration } }, capability) {
    if (!configuration.cloud) return 'cloud.function is not configured';
    if (capability === 'consumeType') return 'no consumeType';
    return has(read(host, 'cloud'), 'callFunction') ? '' : 'no wx.cloud on this host';
  },

  call(call, options, payload) {
    const event = Object.assign(
      cloudIdsIn(payload, call.app.host!),
      { action: 'invoke', files: options.async ? call.cloudFiles : undefined },
      toEnvelope(call, options, payload),
    );
    // The function removes the files of a long task.
    if (options.async) call.cloudFiles = undefined;
    return callFunction(call, event, prepareToSend, (reply) => readEnvelope(call, reply, options.async));
  },

  retrieve: (call, requestId, wait_ms) =>
    callFunction(call, { action: 'retrieve', wait_ms, request_id: requestId }, ignore, Object),

  upload(call, content, onBytes) {
    // Only a file can be uploaded: a string or bytes are written to one.
    const path = filePathOf(content);
    let file: { filePath: string; remove: () => void };
    try {
      file = path ? { filePath: path, remove: ignore } : writeTempFile(call, call.app.host!, content);
    } catch (cause) {
      return Promise.reject(failure(ERR_CALL, 'writeFile:fail ' + cause, { cause }));
    }
    const parameters = { cloudPath: 'servicemarket/' + newId(), filePath: file.filePath };
    return callCloud(call, 'uploadFile', parameters, withUploadProgress(onBytes))
      .then(({ fileID }) => {
        file.remove();
        if (!fileID) return {} as any;
        deleteAtEnd(call, fileID);
        // The service needs a URL, which the cloud makes for an hour or two.
        return callCloud(call, 'getTempFileURL', { fileList: [fileID] });
      })
      .then(({ fileList }) => {
        const { tempFileURL, errMsg } = Object((fileList || [])[0]);
        if (fileList && !tempFileURL) throw failure(ERR_CALL, 'cloud.getTempFileURL:fail ' + errMsg);
        return tempFileURL;
      });
  },
};
