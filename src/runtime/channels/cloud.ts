import { ERR_CALL } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Call, newId } from '../call';
import { filePathOf } from '../content';
import { has, type Host, read } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parseObject, takeEnvelope } from '../reply';
import type { Channel } from './channel';

/** Calls a member of `wx.cloud` in the configured environment. An app that has not called `init` gets it here. */
function callCloud(call: Call, api: string, parameters: object, done: (result: any) => void): void {
  const { host, configuration } = registry();
  const { env } = configuration.cloud!;
  const given = Object.assign({ config: { env } }, parameters);
  function attempt(failed?: Parameters<typeof callHost>[4]): void {
    callHost(call, api, Object.assign({}, given), done, failed, host!.cloud);
  }
  attempt((errCode, text, details) => {
    if (!/cloud\.init/.test(text)) return call.fail(errCode, 'cloud.' + text, details);
    host!.cloud.init({ env });
    attempt();
  });
}

/** Runs `remove` at the end of the call; what it misses, the function sweeps after a day. */
function atEnd(call: Call, remove: () => void): void {
  if (call.ended) remove();
  else call.stops.push(remove);
}

/** A file that holds a text or bytes for as long as the call runs. */
function writeTempFile(call: Call, host: Host, data: CDNContent): string {
  const filePath = host.env.USER_DATA_PATH + '/servicemarket_' + newId();
  const fs = host.getFileSystemManager();
  atEnd(call, () => fs.unlink({ filePath }));
  fs.writeFileSync(filePath, data, 'utf8');
  return filePath;
}

/**
 * The CloudIDs in a payload, for the top level of a function's event: only there the platform resolves them.
 * The function puts them back where the payload has `{cloudID}`.
 */
function cloudIdsIn(text: string | undefined): { [name: string]: unknown } {
  const { cloud } = registry().host!;
  const found: { [name: string]: unknown } = {};
  if (text && text.indexOf('"cloudID":') >= 0) {
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

  call(call, { service, api, async }, data) {
    const files = async ? call.files : undefined;
    const event = { action: 'invoke', service, api, data, client_msg_id: call.clientMsgId, async, files };
    const { cloud: settings } = registry().configuration;
    call.billing = 'unknown';
    if (async) call.files = undefined;
    callCloud(
      call,
      'callFunction',
      { name: settings!.function, data: Object.assign(cloudIdsIn(data), event) },
      ({ result }) => takeEnvelope(call, parseObject(result), async),
    );
  },

  retrieve(call, requestId, done) {
    const { cloud: settings } = registry().configuration;
    const data = { action: 'retrieve', request_id: requestId };
    callCloud(call, 'callFunction', { name: settings!.function, data }, ({ result }) =>
      done(parseObject(result)),
    );
  },

  upload(call, content, done) {
    const host = registry().host!;
    const filePath = filePathOf(content) || writeTempFile(call, host, content);
    callCloud(call, 'uploadFile', { cloudPath: 'servicemarket/' + newId(), filePath }, ({ fileID }) => {
      call.files = (call.files || []).concat(fileID);
      // A long task has taken the list over: its function removes them when the result is there.
      atEnd(call, () => call.files && host.cloud.deleteFile({ fileList: [fileID] }));
      callCloud(call, 'getTempFileURL', { fileList: [fileID] }, ({ fileList }) => {
        const [{ tempFileURL, errMsg }] = fileList;
        if (tempFileURL) done(tempFileURL);
        else call.fail(ERR_CALL, 'cloud.getTempFileURL:fail ' + errMsg);
      });
    });
  },
};
