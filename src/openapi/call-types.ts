import type { ServiceMarketAnswer, ServiceMarketCall } from '../protocol';
import type { EncryptedPhoneNumber, PhoneNumber } from './phone-number';

/** `{value, color?}` per keyword of a message template. */
export type TemplateData = Record<string, { value: string | number; color?: string }>;

export interface TemplateMessage {
  touser: string;
  template_id: string;
  url?: string;
  miniprogram?: { appid: string; pagepath?: string };
  data: TemplateData;
}

export interface WxaCode {
  /** At most 32 characters. */
  scene: string;
  page?: string;
  /** Pixels, 280 to 1280. */
  width?: number;
  auto_color?: boolean;
  line_color?: { r: number | string; g: number | string; b: number | string };
  is_hyaline?: boolean;
  check_path?: boolean;
  env_version?: 'release' | 'trial' | 'develop';
}

export interface UrlScheme {
  jump_wxa?: { path: string; query?: string; env_version?: 'release' | 'trial' | 'develop' };
  is_expire?: boolean;
  /** Unix seconds, at most a year ahead. */
  expire_time?: number;
}

interface Done {
  errcode: 0;
  errmsg: string;
}

/** Every call by its name: its argument and its result. */
export interface CallTypes {
  'auth.getAccessToken': [{ cache?: boolean }, { access_token: string; expires_in: number }];
  'auth.code2Session': [{ js_code: string }, { openid: string; session_key: string; unionid?: string }];
  'decrypt.getPhoneNumber': [EncryptedPhoneNumber, PhoneNumber];
  'wxacode.getUnlimited': [WxaCode, { contentType: string; buffer: Buffer }];
  'urlscheme.generate': [UrlScheme, { openlink: string }];
  'security.msgSecCheck': [{ content: string }, Done];
  'security.imgSecCheck': [{ base64: string }, Done];
  'subscribeMessage.send': [
    {
      touser: string;
      template_id: string;
      page?: string;
      data: TemplateData;
      miniprogram_state?: 'developer' | 'trial' | 'formal';
      lang?: string;
    },
    Done,
  ];
  'uniformMessage.send': [TemplateMessage, Done];
  'h5.templateMessage.send': [TemplateMessage, Done & { msgid?: number }];
  'templateMessage.send': [
    {
      touser: string;
      template_id: string;
      page?: string;
      form_id: string;
      data: TemplateData;
      emphasis_keyword?: string;
    },
    Done,
  ];
  'livebroadcast.getLiveInfo': [
    { /** From 1. */ pageIndex?: number; pageSize?: number },
    { room_info: Record<string, unknown>[]; total: number },
  ];
  'serviceMarket.invokeService': [ServiceMarketCall, ServiceMarketAnswer];
  'serviceMarket.retrieve': [{ request_id: string }, ServiceMarketAnswer];
}

export type CallName = keyof CallTypes;
