import {
  API_INVOKE,
  API_RETRIEVE,
  CDN_APP_TYPE,
  CDN_FILE_TYPE,
  REQUEST_ASYNC,
  RETRY_NONE,
  SCENE_CALL,
  WIRE_VERSION,
} from '../../protocol';
import type { BridgeRequest, InvokeServiceOptions } from '../../protocol';
import { markSent, newId } from '../core/call';
import { missingApi } from '../core/host';
import { callHost } from '../core/host-call';
import type { Call, Channel } from '../core/types';
import { filePathOf } from '../payload/content';
import { parseObject, readReply } from './reply';
import { type Answer, requestWithPolling, toLoss } from './request-loop';

const OPERATE = 'operateWXData';
const UPLOAD = 'uploadToCommonCDN';

/** Sends one message. @param apiName - the server's name of what is called */
function post(call: Call, apiName: string, reqData: object): Promise<Answer> {
  return callHost(call, OPERATE, { apiName, reqData }).then(
    ({ rawData }): Answer => ({ kind: 'answer', body: rawData }),
    toLoss,
  );
}

/** REQ of protocol 5 for one message of a call; fields that are undefined do not travel. */
function toRequest(
  call: Call,
  options: InvokeServiceOptions,
  payload: string | undefined,
  scene: number,
  retryReason: number,
): BridgeRequest {
  const isCall = scene === SCENE_CALL;
  return {
    service_id: options.service,
    api_name: options.api,
    data: isCall ? payload : undefined,
    client_msg_id: isCall && retryReason === RETRY_NONE ? call.clientMsgId : newId(),
    consume_type: options.consumeType,
    consume_appid: options.consumeAppid,
    version: WIRE_VERSION,
    call_id: call.callId,
    scene,
    retry_reason: retryReason,
    req_type: options.async ? REQUEST_ASYNC : undefined,
  };
}

/** The host's own way to its server: `wx.operateWXData`, and `wx.uploadToCommonCDN` where pages have it. */
export const bridge: Channel = {
  unavailableReason: ({ app }, capability) =>
    missingApi(app.host, capability === 'upload' ? UPLOAD : OPERATE),

  call(call, options, payload) {
    markSent(call);
    return requestWithPolling(
      call,
      (scene, retryReason) => post(call, API_INVOKE, toRequest(call, options, payload, scene, retryReason)),
      (body, traceSuffix) => readReply(call, body, options.async, traceSuffix),
    );
  },

  retrieve: (call, requestId) =>
    requestWithPolling(call, () => post(call, API_RETRIEVE, { request_id: requestId }), parseObject),

  upload(call, content) {
    const filePath = filePathOf(content);
    const parameters = { appType: CDN_APP_TYPE, fileType: CDN_FILE_TYPE, fileKey: 'file_' + Math.random() };
    return callHost(
      call,
      UPLOAD,
      Object.assign(parameters, filePath ? { filePath } : { fileData: content }),
    ).then(({ fileUrl }) => fileUrl);
  },
};
