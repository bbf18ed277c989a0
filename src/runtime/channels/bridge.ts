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
import type { BridgeRequest } from '../../protocol';
import { type Call, newId } from '../core/call';
import { filePathOf } from '../payload/content';
import { lackOf } from '../core/host';
import { callHost } from '../core/host-call';
import { registry } from '../core/registry';
import { parse, readReply } from './reply';
import type { Channel } from '../core/channel';
import { converse } from './request-loop';

const OPERATE = 'operateWXData';
const UPLOAD = 'uploadToCommonCDN';

/** Sends one message. @param apiName - the server's name of what is called */
function post(call: Call, apiName: string, reqData: object): Promise<unknown> {
  return callHost(call, OPERATE, { apiName, reqData }).then((result) => result.rawData);
}

/** The host's own way to its server: `wx.operateWXData`, and `wx.uploadToCommonCDN` where pages have it. */
export const bridge: Channel = {
  lacks: (_call, capability) => lackOf(registry().host, capability === 'upload' ? UPLOAD : OPERATE),

  call(call, options, text) {
    /** REQ of protocol 5; fields that are undefined do not travel. */
    function message(scene: number, reason: number): BridgeRequest {
      const isCall = scene === SCENE_CALL;
      return {
        service_id: options.service,
        api_name: options.api,
        data: isCall ? text : undefined,
        client_msg_id: isCall && reason === RETRY_NONE ? call.clientMsgId : newId(),
        consume_type: options.consumeType,
        consume_appid: options.consumeAppid,
        version: WIRE_VERSION,
        call_id: call.callId,
        scene,
        retry_reason: reason,
        req_type: options.async ? REQUEST_ASYNC : undefined,
      };
    }
    call.billing = 'unknown';
    return converse(
      call,
      (scene, reason) => post(call, API_INVOKE, message(scene, reason)),
      (body, where) => readReply(call, body, options.async, where),
    );
  },

  retrieve: (call, requestId) =>
    converse(
      call,
      () => post(call, API_RETRIEVE, { request_id: requestId }),
      (body) => Object(parse(body)),
    ),

  upload(call, content) {
    const filePath = filePathOf(content);
    const parameters = { appType: CDN_APP_TYPE, fileType: CDN_FILE_TYPE, fileKey: 'file_' + Math.random() };
    return callHost(
      call,
      UPLOAD,
      Object.assign(parameters, filePath ? { filePath } : { fileData: content }),
    ).then((result) => result.fileUrl);
  },
};
