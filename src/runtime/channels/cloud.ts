import { ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Call, createTimer, newId } from '../call';
import { filePathOf } from '../content';
import { has, type Host, read } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parseObject, takeEnvelope } from '../reply';
import { run } from '../settle';
import { ask, type Lost } from './ask';
import type { Channel } from './channel';

/** What `wx.cloud` says before `init`, and for a moment after it. */
const NOT_READY = /isn't enabled|cloud\.init/;

/** Stands in for callbacks: without any, the host gives a promise whose rejection nobody takes. */
function ignore(): void {}

/**
 * Calls a member of `wx.cloud` in the configured environment. An app that has not called `init` gets it here, and
 * the call is made again: it had not left.
 *
 * @param lost - takes a failure that is no answer of the cloud. @default ends the call
 * @param started - gets the host's task, where there is one
 */
function callCloud(
  call: Call,
  api: string,
  parameters: object,
  done: (result: any) => void,
  lost: Lost = call.fail,
  started: (task: any) => void = ignore,
): void {
  const { host, configuration, limits } = registry();
  const { env } = configuration.cloud!;
  const { cloud } = host!;
  const setTimer = createTimer(call);
  let tries = 0;

  function failed(errCode: number, text: string, details: any): void {
    const { errCode: code } = Object(details.cause);
    const reason = text.replace(/^\w+:fail cloud\./, 'cloud.');
    if (NOT_READY.test(text) && tries++ < limits.repeats) {
      run(() => cloud.init({ env }));
      setTimer(limits.pollInterval, attempt);
    } else if (typeof code === 'number') call.fail(code, reason, details);
    else lost(errCode, reason, details);
  }
  function attempt(): void {
    started(callHost(call, api, Object.assign({ config: { env } }, parameters), done, failed, cloud));
  }
  attempt();
}

/** Calls the function, and again after a loss (ask.ts). @param done - gets what it answers */
function callFunction(call: Call, data: object, done: (reply: any) => void): void {
  const name = registry().configuration.cloud!.function;
  ask(call, (lost) =>
    callCloud(call, 'callFunction', { name, data }, ({ result }) => done(parseObject(result)), lost),
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
  lacks(capability) {
    const { configuration, host } = registry();
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
    callFunction(call, Object.assign(cloudIdsIn(data), event), (reply) => takeEnvelope(call, reply, isAsync));
  },

  retrieve(call, requestId, done) {
    callFunction(call, { action: 'retrieve', request_id: requestId }, done);
  },

  upload(call, content, done, sent) {
    const { host, configuration } = registry();
    const config = { env: configuration.cloud!.env };
    const path = filePathOf(content);
    let file: { filePath: string; remove: () => void };
    try {
      file = path ? { filePath: path, remove: ignore } : writeTempFile(call, host!, content);
    } catch (cause) {
      return call.fail(ERR_CALL, 'writeFile:fail ' + cause, { cause });
    }
    function stored({ fileID }: any): void {
      file.remove();
      if (!fileID) return done(undefined);
      call.files = (call.files || []).concat(fileID);
      // A long task has taken the list over: its function removes them when the result is there.
      atEnd(call, () => {
        if (call.files) host!.cloud.deleteFile({ fileList: [fileID], config, fail: ignore });
      });
      callCloud(call, 'getTempFileURL', { fileList: [fileID] }, ({ fileList }) => {
        const { tempFileURL, errMsg } = Object((fileList || [])[0]);
        if (tempFileURL) done(tempFileURL);
        else call.fail(ERR_CALL, 'cloud.getTempFileURL:fail ' + errMsg);
      });
    }
    const parameters = { cloudPath: 'servicemarket/' + newId(), filePath: file.filePath };
    callCloud(call, 'uploadFile', parameters, stored, call.fail, (task) => {
      if (has(task, 'onProgressUpdate')) {
        task.onProgressUpdate((progress: any) =>
          sent(progress.totalBytesSent, progress.totalBytesExpectedToSend),
        );
      }
    });
  },
};
