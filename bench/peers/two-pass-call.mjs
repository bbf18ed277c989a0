import { twoPass } from './two-pass.mjs';

const API = 'webapi_servicemarket_jsapi_comm';
const MESSAGE_TIMEOUT = 20_000;
const NO_MARKER = Symbol('marker');

const newId = () => `${Math.random()}_${Date.now()}`;

/**
 * `invokeService` as base library 2.30.3 does it on a device (two passes over the data, one message with a
 * timer of 20 s, a version 2 answer, a trace of times), written plainly and without polls, uploads or callbacks.
 */
export function twoPassCall(wx) {
  return (options) =>
    new Promise((resolve, reject) => {
      const { service, api, data, consumeType, consumeAppid } = { ...options };
      if (!service || !api)
        throw new Error("invokeService:fail Error: field 'service' and 'api' must be provided");
      const callId = newId();
      const now = new Date();
      const trace = [`${now.getHours()}:${now.getMinutes()}:${now.getSeconds()} start`];
      const fail = (errCode, text) => {
        const errMsg = `invokeService:fail ${errCode} . ${text} (callId: ${callId}) (trace: ${trace.join('->')})`;
        reject(Object.assign(new Error(errMsg), { errCode, errMsg }));
      };
      const timer = globalThis.setTimeout(() => fail(104, 'timeout for retry'), MESSAGE_TIMEOUT);
      wx.operateWXData({
        apiName: API,
        reqData: {
          service_id: service,
          api_name: api,
          data: twoPass(data, NO_MARKER),
          client_msg_id: newId(),
          consume_type: consumeType,
          consume_appid: consumeAppid,
          version: 2,
          call_id: callId,
          scene: 1,
          retry_reason: 0,
        },
        success({ rawData }) {
          globalThis.clearTimeout(timer);
          const reply = JSON.parse(rawData);
          if (reply.scene !== 4) return fail(107, `unknown scene ${reply.scene}`);
          if (reply.errcode !== 0) return fail(103, `requestID ${reply.request_id}`);
          resolve({ errMsg: 'invokeService:ok', data: JSON.parse(reply.data), requestId: reply.request_id });
        },
        fail({ errMsg }) {
          globalThis.clearTimeout(timer);
          fail(-1, errMsg);
        },
      });
    });
}
