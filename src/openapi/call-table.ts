import type { CallName, CallTypes } from './call-types';
import { INVOKE_PATH, RETRIEVE_PATH } from './service-market';

export interface Appids {
  appid: string;
  /** The official account's. */
  h5?: string;
}

/** How a call goes over the wire: `POST path?access_token=…`. */
export interface CallRow<A> {
  path: string;
  /** What it needs of the official account: its token in the query, or its appid in the body. */
  h5?: 'token' | 'appid';
  /** The rule that the argument breaks, if any; nothing is sent then. */
  fault?(args: A): string | false | undefined;
  /** JSON, or a form. @default the argument itself */
  body?(args: A, appids: Appids): unknown;
  /** The answer is bytes, unless it is an error. */
  binary?: true;
}

/** Calls that are one request to the platform's server. */
export type RemoteName = Exclude<
  CallName,
  'auth.getAccessToken' | 'auth.code2Session' | 'decrypt.getPhoneNumber'
>;

const MAX_TEXT_BYTES = 500 * 1024;
const MAX_IMAGE_BYTES = 1024 * 1024;
const YEAR_S = 366 * 24 * 3600;

const imageBytes = (base64: string): Buffer => Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');

/** Protocol 14, one row per call. */
export const CALL_TABLE: { [N in RemoteName]: CallRow<CallTypes[N][0]> } = {
  'wxacode.getUnlimited': {
    path: '/wxa/getwxacodeunlimit',
    binary: true,
    fault: ({ scene, width = 430 }) =>
      !scene || scene.length > 32
        ? '"scene" must have 1 to 32 characters.'
        : (width < 280 || width > 1280) && '"width" must be 280 to 1280.',
  },
  'urlscheme.generate': {
    path: '/wxa/generatescheme',
    fault: ({ expire_time: end }) =>
      end !== undefined && end > Date.now() / 1000 + YEAR_S && '"expire_time" is more than a year ahead.',
  },
  'security.msgSecCheck': {
    path: '/wxa/msg_sec_check',
    fault: ({ content }) => Buffer.byteLength(content) > MAX_TEXT_BYTES && '"content" is larger than 500 KB.',
  },
  'security.imgSecCheck': {
    path: '/wxa/img_sec_check',
    fault: ({ base64 }) => imageBytes(base64).length > MAX_IMAGE_BYTES && 'the image is larger than 1 MB.',
    body({ base64 }) {
      const form = new FormData();
      form.append('media', new Blob([Uint8Array.from(imageBytes(base64))]), 'image');
      return form;
    },
  },
  'subscribeMessage.send': { path: '/cgi-bin/message/subscribe/send' },
  'uniformMessage.send': {
    path: '/cgi-bin/message/wxopen/template/uniform_send',
    h5: 'appid',
    body: ({ touser, ...message }, { h5 }) => ({ touser, mp_template_msg: { appid: h5, ...message } }),
  },
  'h5.templateMessage.send': { path: '/cgi-bin/message/template/send', h5: 'token' },
  'templateMessage.send': { path: '/cgi-bin/message/wxopen/template/send' },
  'livebroadcast.getLiveInfo': {
    path: '/wxa/business/getliveinfo',
    body: ({ pageIndex = 1, pageSize = 10 }) => ({ start: (pageIndex - 1) * pageSize, limit: pageSize }),
  },
  'serviceMarket.invokeService': { path: INVOKE_PATH },
  'serviceMarket.retrieve': { path: RETRIEVE_PATH },
};
