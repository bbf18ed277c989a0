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
import { newId } from '../call';
import { filePathOf } from '../content';
import { has } from '../host';
import { callHost } from '../host-call';
import { registry } from '../registry';
import { parse, takeReply } from '../reply';
import type { Channel } from './channel';
import { converse } from './conversation';

/** The host's own way to its server: `wx.operateWXData`, and `wx.uploadToCommonCDN` where pages have it. */
export const bridge: Channel = {
  lacks(capability) {
    const api = capability === 'upload' ? 'uploadToCommonCDN' : 'operateWXData';
    return has(registry().host, api) ? '' : 'no wx.' + api + ' on this host';
  },

  call(call, { service, api, async, consumeType, consumeAppid }, text, refused) {
    /** REQ of protocol 5; fields that are undefined do not travel. */
    function message(scene: number, reason: number): BridgeRequest {
      const isCall = scene === SCENE_CALL;
      return {
        service_id: service,
        api_name: api,
        data: isCall ? text : undefined,
        client_msg_id: isCall && reason === RETRY_NONE ? call.clientMsgId : newId(),
        consume_type: consumeType,
        consume_appid: consumeAppid,
        version: WIRE_VERSION,
        call_id: call.callId,
        scene,
        retry_reason: reason,
        req_type: async ? REQUEST_ASYNC : undefined,
      };
    }
    call.billing = 'unknown';
    converse(call, API_INVOKE, message, (body, where) => takeReply(call, body, async, where), refused);
  },

  retrieve(call, requestId, done, refused) {
    const message = () => ({ request_id: requestId });
    converse(call, API_RETRIEVE, message, (body) => done(parse(body)), refused);
  },

  upload(call, content, done, _sent, refused) {
    const filePath = filePathOf(content);
    const parameters = {
      appType: CDN_APP_TYPE,
      fileType: CDN_FILE_TYPE,
      fileKey: 'file_' + Math.random(),
    };
    callHost(
      call,
      'uploadToCommonCDN',
      Object.assign(parameters, filePath ? { filePath } : { fileData: content }),
      (result) => done(result.fileUrl),
      (errCode, text, details, isRefusal) => {
        if (isRefusal) refused(text);
        else call.fail(errCode, text, details);
      },
    );
  },
};
