import { ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Call, createTimer, newId } from '../core/call';
import { filePathOf } from '../payload/content';
import { type Failure, failure } from '../core/failure';
import { has, type Host, read } from '../core/host';
import { callHost } from '../core/host-call';
import { registry } from '../core/registry';
import { parseObject, readEnvelope } from './reply';
import { run } from '../core/task';
import type { Channel } from '../core/channel';
import { converse } from './request-loop';
import { watched } from '../core/upload-progress';

/** What `wx.cloud` says before `init`, and for a moment after it. */
const NOT_READY = /isn't enabled|cloud\.init/;
/** Codes between these are the server's: a function that failed has run, whatever its text says. */
const CLIENT_CODE = -600000;
/** The phone's own SDK gives it to every error that has no code, and so to that of an app without `init`. */
const NO_CODE = -1;

/** Stands in for callbacks: without any, the host gives a promise whose rejection nobody takes. */
function ignore(): void {}

/**
 * Calls a member of `wx.cloud` in the configured environment. An app that has not called `init` gets it here, and
 * the call is made again: it had not left.
 *
 * @param owner - the object that has the member
 */
function callCloud(
  call: Call,
  api: string,
  parameters: object,
  owner = registry().host!.cloud,
): Promise<any> {
  const { host, limits } = registry();
  const { env } = call.configuration.cloud!;
  const setTimer = createTimer(call);
  let tries = 0;

  function attempt(): Promise<any> {
    return callHost(call, api, Object.assign({ config: { env } }, parameters), owner).then(
      null,
      (fault: Failure) => {
        const { errCode: code } = Object(fault.cause);
        const isAnswer = typeof code === 'number';
        const hasRun = code > CLIENT_CODE && code < NO_CODE;
        if (!hasRun && NOT_READY.test(fault.errMsg) && tries <= limits.repeats) {
          run(() => host!.cloud.init({ env }));
          // It may take a moment.
          return new Promise<void>((resolve) => setTimer(limits.pollInterval * tries++, resolve)).then(
            attempt,
          );
        }
        fault.errMsg = fault.errMsg.replace(/^\w+:fail cloud\./, 'cloud.');
        if (isAnswer) Object.assign(fault, { errCode: code, refused: false });
        throw fault;
      },
    );
  }
  return attempt();
}

/** Calls the function, and again after a loss. @param read - makes a result of what it answers */
function callFunction<R>(call: Call, data: object, read: (reply: any) => R | undefined): Promise<R> {
  const name = call.configuration.cloud!.function;
  return converse(
    call,
    () => callCloud(call, 'callFunction', { name, data }),
    ({ result }) => {
      const reply = parseObject(result);
      call.isUnsent = reply.billing === 'none';
      return read(reply);
    },
  );
}

/** Runs `remove` at the end of the call; what it misses, the function sweeps after a day. */
function atEnd(call: Call, remove: () => void): void {
  if (call.ended) remove();
  else call.stops.push(remove);
}

/**
 * Writes a text or bytes to a file, for as long as it takes to upload it.
 *
 * @returns its path, and what removes it: then, or at the end of the call
 * @throws where the host has no file system, or no room
 */
function writeTempFile(call: Call, host: Host, data: CDNContent): { filePath: string; remove: () => void } {
  const filePath = host.env.USER_DATA_PATH + '/servicemarket_' + newId();
  const fs = host.getFileSystemManager();
  let isThere = true;
  function remove(): void {
    if (isThere) fs.unlink({ filePath, fail: ignore });
    isThere = false;
  }
  call.stops.push(remove);
  fs.writeFileSync(filePath, data, 'utf8');
  return { filePath, remove };
}

/**
 * The CloudIDs in a payload, for the top level of a function's event: only there the platform resolves them.
 * The function puts them back where the payload has `{cloudID}`.
 */
function cloudIdsIn(text: string | undefined): { [name: string]: unknown } {
  const { cloud } = registry().host!;
  const found: { [name: string]: unknown } = {};
  if (text && text.indexOf('"cloudID":') >= 0 && has(cloud, 'CloudID')) {
    JSON.parse(text, (_key, value) => {
      if (value && typeof value.cloudID === 'string')
        found['cloudID:' + value.cloudID] = cloud.CloudID(value.cloudID);
      return value;
    });
  }
  return found;
}

/** A cloud function that calls the service market (design.md; the function is made by `init cloud-function`). */
export const cloud: Channel = {
  lacks({ configuration }, capability) {
    const { host } = registry();
    if (!configuration.cloud) return 'cloud.function is not configured';
    if (capability === 'consumeType') return 'the cloud function cannot set consumeType';
    return has(read(host, 'cloud'), 'callFunction') ? '' : 'no wx.cloud on this host';
  },

  call(call, { service, api, async: isAsync }, data) {
    const event = {
      action: 'invoke',
      service,
      api,
      data,
      client_msg_id: call.clientMsgId,
      async: isAsync ? true : undefined,
      files: isAsync ? call.files : undefined,
    };
    call.billing = 'unknown';
    if (isAsync) call.files = undefined;
    return callFunction(call, Object.assign(cloudIdsIn(data), event), (reply) =>
      readEnvelope(call, reply, isAsync),
    );
  },

  retrieve: (call, requestId) =>
    callFunction(call, { action: 'retrieve', request_id: requestId }, (reply) => reply),

  upload(call, content, sent) {
    const { host } = registry();
    const config = { env: call.configuration.cloud!.env };
    const path = filePathOf(content);
    let file: { filePath: string; remove: () => void };
    try {
      file = path ? { filePath: path, remove: ignore } : writeTempFile(call, host!, content);
    } catch (cause) {
      return Promise.reject(failure(ERR_CALL, 'writeFile:fail ' + cause, { cause }));
    }
    const parameters = { cloudPath: 'servicemarket/' + newId(), filePath: file.filePath };
    return callCloud(call, 'uploadFile', parameters, watched(host!.cloud, sent))
      .then(({ fileID }) => {
        file.remove();
        if (!fileID) return {} as any;
        call.files = (call.files || []).concat(fileID);
        // A long task has taken the list over: its function removes them when the result is there.
        atEnd(call, () => {
          if (call.files) host!.cloud.deleteFile({ fileList: [fileID], config, fail: ignore });
        });
        return callCloud(call, 'getTempFileURL', { fileList: [fileID] });
      })
      .then(({ fileList }) => {
        const { tempFileURL, errMsg } = Object((fileList || [])[0]);
        if (fileList && !tempFileURL) throw failure(ERR_CALL, 'cloud.getTempFileURL:fail ' + errMsg);
        return tempFileURL;
      });
  },
};
