// Wire shapes of the host's bridge (protocol 4 to 8), of the relay (design.md, "Relay HTTP") and of the platform's server.

import type { Billing } from './service-market-error';

/** `api_name` of a call over the bridge. */
export const API_INVOKE = 'webapi_servicemarket_jsapi_comm';
/** `api_name` of a question for an async result. */
export const API_RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

/** The version of the bridge's conversation that requests ask for. */
export const WIRE_VERSION = 2;

/** `scene` on the wire: what a message is. */
export const SCENE_CALL = 1;
export const SCENE_POLL = 2;
export const SCENE_PRE_RESPONSE = 3;
export const SCENE_FINAL_RESPONSE = 4;

/** `retry_reason`: why a message repeats an earlier one. */
export const RETRY_NONE = 0;
export const RETRY_SYSTEM_ERROR = 1;
export const RETRY_TIMEOUT = 2;

/** `req_type` of a long task. */
export const REQUEST_ASYNC = 2;

/** Constant parameters of the native event uploadToCommonCDN. */
export const CDN_APP_TYPE = 301;
export const CDN_FILE_TYPE = 20303;

/** reqData of `wx.operateWXData({apiName: API_INVOKE})` (protocol 5). */
export interface BridgeRequest {
  service_id: string;
  api_name: string;
  /** JSON text, on scene 1 only; absent when the page gave no data. */
  data?: string;
  client_msg_id: string;
  call_id: string;
  version: number;
  scene: number;
  retry_reason: number;
  req_type?: number;
  consume_type?: number;
  consume_appid?: string;
}

/** Body of a version 2 answer. */
export interface BridgeReplyV2 {
  scene: number;
  errcode?: number;
  errmsg?: string;
  request_id?: string;
  data?: unknown;
  provider_errmsg?: string;
}

/** Body of a version 1 answer. */
export interface BridgeReplyV1 {
  errcode: number;
  errmsg?: string;
  request_id?: string;
  data?: string;
}

/** Body of the answer to API_RETRIEVE (protocol 8). */
export interface RetrieveReply {
  errcode: number;
  errmsg?: string;
  status?: number;
  data?: unknown;
  provider_errmsg?: string;
  request_id?: string;
}

/** `POST /session` of the relay. */
export interface SessionRequest {
  credential: { type: string; value: string };
}
export interface SessionReply {
  token: string;
  /** Seconds. */
  expires_in: number;
}

/** `POST /files` of the relay as JSON, where neither multipart nor a binary body can be sent. */
export type FileRequest = { text: string } | { base64: string };
export interface FileReply {
  url: string;
  /** Unix seconds. */
  expires_at: number;
  /** Bytes that were stored; relays before 0.1.0 do not say. */
  size?: number;
}

/** `POST /invoke` of the relay. `data` is the payload's JSON text. */
export interface RelayInvokeRequest {
  service: string;
  api: string;
  data?: unknown;
  client_msg_id: string;
  async?: boolean;
}

/** `POST /retrieve` of the relay. */
export interface RelayRetrieveRequest {
  request_id: string;
  /** Milliseconds that the answer may wait for the result; the relay waits MAX_HOLD_MS at most. @default 0 */
  wait_ms?: number;
}

/** Any error of the relay, and the answer of `/invoke` and `/retrieve`. */
export interface RelayReply {
  errcode: number;
  errmsg: string;
  data?: unknown;
  status?: number;
  provider_errmsg?: string;
  request_id?: string;
  /** Text of an answer of the platform that cannot be read. */
  body?: string;
  /** 3 (SCENE_PRE_RESPONSE): the first call under this id still runs; ask again. */
  scene?: number;
  /**
   * On errors of the relay or the function itself: `none` when this request made nothing leave for the platform
   * and nothing has left under its id before, as far as was looked; an earlier message of the same call that was
   * lost may still have been billed. `unknown`, or absent, otherwise.
   */
  billing?: Billing;
}

/**
 * What the cloud function gets (`wx.cloud.callFunction`), besides the fields of RelayInvokeRequest. It answers
 * with a RelayReply. For each CloudID in `data`, written `{"cloudID": ID}`, the event has a field `cloudID:ID`
 * that the platform has put the open data into; the function puts it back into `data`.
 */
export type CloudEvent =
  | (RelayInvokeRequest & {
      action: 'invoke';
      /** File IDs that a long task needs until its result is there; then the function removes them. */
      files?: string[];
    })
  | ({ action: 'retrieve' } & RelayRetrieveRequest);

/** Body of `POST /wxa/servicemarket` of the platform's server. */
export interface ServiceMarketCall {
  service: string;
  api: string;
  data?: unknown;
  client_msg_id: string;
  async?: boolean;
  consume_type?: number;
  consume_appid?: string;
}

/** Its answer, and that of `POST /wxa/servicemarketretrieve`. */
export interface ServiceMarketAnswer {
  errcode?: 0;
  errmsg?: string;
  /** The provider's answer as a JSON string. */
  data?: string;
  status?: number;
  provider_errmsg?: string;
  request_id?: string;
}
