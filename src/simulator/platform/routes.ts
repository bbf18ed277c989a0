import { INVOKE_API, RETRIEVE_API } from '../market/types';
import { omit } from '../text';
import type { Any } from '../types';
import { componentRoutes } from './component-routes';
import { demand, demandPage, OK } from './route';
import type { Platform, Routes } from './route';

/** Tokens and sessions. */
const authRoutes: Routes = {
  '/cgi-bin/token': {
    method: 'GET',
    token: 'none',
    answer({ tokens }, { query }) {
      demand(query.grant_type === 'client_credential', 40002, 'invalid grant_type');
      return tokens.refresh(tokens.authenticate(query.appid, query.secret), 'plain');
    },
  },
  '/cgi-bin/stable_token': {
    method: 'POST',
    token: 'none',
    answer({ tokens }, call) {
      const { grant_type: type, appid, secret, force_refresh: force } = call.json();
      demand(type === 'client_credential', 40002, 'invalid grant_type');
      return tokens.stable(tokens.authenticate(appid, secret), force === true);
    },
  },
  '/sns/jscode2session': {
    method: 'GET',
    token: 'none',
    answer({ tokens, usersOf, options }, { query }) {
      demand(query.grant_type === 'authorization_code', 40002, 'invalid grant_type');
      const { appid } = tokens.authenticate(query.appid, query.secret);
      demand(appid !== options.official?.appid, 40013, 'invalid appid');
      return usersOf(appid).redeem(query.js_code);
    },
  },
};

/** The service market over HTTPS (protocol 11). */
const serviceMarketRoutes: Routes = {
  '/wxa/servicemarket': {
    method: 'POST',
    async answer({ market }, call) {
      const { service, api, data, client_msg_id: id, async } = call.json();
      demand(typeof service === 'string' && typeof api === 'string', -1, 'service or api missing');
      demand(typeof id === 'string' && id !== '', -1, 'client_msg_id missing');
      const request = {
        service_id: service as string,
        api_name: api as string,
        // Documented as an object; JSON text is accepted as well.
        data: typeof data === 'string' || data === undefined ? (data as unknown) : JSON.stringify(data),
        client_msg_id: id as string,
        version: 1,
        req_type: async === true ? 2 : undefined,
      };
      const sender = { channel: 'https', appid: call.appid } as const;
      const reply = JSON.parse(await market.handle(sender, INVOKE_API, request)) as Any;
      return async === true ? reply : omit(reply, 'request_id');
    },
  },
  '/wxa/servicemarketretrieve': {
    method: 'POST',
    async answer({ market }, call) {
      const { request_id: id } = call.json();
      const sender = { channel: 'https', appid: call.appid } as const;
      return JSON.parse(await market.handle(sender, RETRIEVE_API, { request_id: id as unknown })) as Any;
    },
  },
};

const MAX_TEXT_BYTES = 500 * 1024;
const MAX_IMAGE_BYTES = 1024 * 1024;
const MAX_SCENE_LENGTH = 32;
/** The longest life of a link. */
const MAX_EXPIRY_S = 365 * 24 * 3600;

function demandHarmless({ options }: Platform, text: string): void {
  const risky = options.risky ?? ['RISKY'];
  demand(!risky.some((word) => text.includes(word)), 87014, 'risky content');
}

/** Checks of content, mini-program codes, links and live rooms (protocol 14). */
const contentRoutes: Routes = {
  '/wxa/msg_sec_check': {
    method: 'POST',
    answer(platform, call) {
      const { content } = call.json();
      demand(typeof content === 'string' && content !== '', 44004, 'empty content');
      demand(Buffer.byteLength(content as string) <= MAX_TEXT_BYTES, 45002, 'content size out of limit');
      demandHarmless(platform, content as string);
      return OK;
    },
  },
  '/wxa/img_sec_check': {
    method: 'POST',
    async answer(platform, call) {
      const media = await call.file('media');
      demand(media, 41005, 'media data missing');
      const bytes = Buffer.from(await (media as Blob).arrayBuffer());
      demand(bytes.length <= MAX_IMAGE_BYTES, 40006, 'invalid media size');
      demandHarmless(platform, bytes.toString('latin1'));
      return OK;
    },
  },
  '/wxa/getwxacodeunlimit': {
    method: 'POST',
    answer(platform, call) {
      const { scene, page, width = 430 } = call.json();
      demand(typeof scene === 'string' && scene !== '', 40129, 'invalid scene');
      demand(scene.length <= MAX_SCENE_LENGTH, 40169, 'invalid length for scene');
      demand(width >= 280 && width <= 1280, 40097, 'invalid width');
      demandPage(platform, page);
      return { type: 'image/jpeg', bytes: Buffer.from(`JPEG of ${scene as string} at ${width as number}`) };
    },
  },
  '/wxa/generatescheme': {
    method: 'POST',
    answer(platform, call) {
      const { jump_wxa: jump = {}, is_expire: expires, expire_time: time } = call.json();
      const now = Date.now() / 1000;
      demand(!expires || (time > now && time <= now + MAX_EXPIRY_S), 85401, 'invalid expire_time');
      demandPage(platform, jump.path);
      return { ...OK, openlink: `weixin://dl/business/?t=${encodeURIComponent(String(jump.path ?? ''))}` };
    },
  },
  '/wxa/business/getliveinfo': {
    method: 'POST',
    answer({ options }, call) {
      const { start, limit } = call.json();
      demand(Number.isInteger(start) && Number.isInteger(limit) && limit > 0, 47001, 'data format error');
      const rooms = options.rooms ?? [];
      demand(rooms.length > 0, 9410000, 'empty live room list');
      return {
        ...OK,
        room_info: rooms.slice(start as number, (start + limit) as number),
        total: rooms.length,
      };
    },
  },
};

/** Template data: `{name: {value: string}}`. */
function isTemplateData(data: Any): boolean {
  if (data === null || typeof data !== 'object') return false;
  return Object.values(data as object).every((item: Any) => typeof item?.value === 'string');
}

function demandMessage(platform: Platform, appid: string, message: Any): void {
  const { touser, template_id: template, data } = message;
  const templates = platform.options.templates ?? ['TEMPLATE'];
  demand(platform.usersOf(appid).knows(touser), 40003, 'invalid openid');
  demand(templates.includes(template as string), 40037, 'invalid template_id');
  demand(isTemplateData(data), 47003, 'argument invalid! data');
}

/** Messages to users (protocol 14). */
const messageRoutes: Routes = {
  '/cgi-bin/message/subscribe/send': {
    method: 'POST',
    answer(platform, call) {
      const message = call.json();
      demandMessage(platform, call.appid, message);
      demandPage(platform, message.page);
      demand(
        !platform.options.refusing?.includes(message.touser as string),
        43101,
        'user refuse to accept the msg',
      );
      return OK;
    },
  },
  '/cgi-bin/message/wxopen/template/uniform_send': {
    method: 'POST',
    answer(platform, call) {
      const { touser, mp_template_msg: message = {} } = call.json();
      demand(message.appid && message.appid === platform.options.official?.appid, 40013, 'invalid appid');
      demandMessage(platform, call.appid, { ...message, touser: touser as string });
      return OK;
    },
  },
  '/cgi-bin/message/template/send': {
    method: 'POST',
    token: 'official',
    answer(platform, call) {
      // Its users are known by the app that they have logged in to.
      demandMessage(platform, platform.options.appid, call.json());
      return { ...OK, msgid: 1 };
    },
  },
  // Retired: form ids are not issued any more, so none is valid.
  '/cgi-bin/message/wxopen/template/send': {
    method: 'POST',
    answer(platform, call) {
      demand(platform.usersOf(call.appid).knows(call.json().touser), 40003, 'invalid openid');
      demand(false, 41028, 'invalid form id');
      return OK;
    },
  },
};

/** Every route of the platform's server, by path. */
export const ROUTES: Routes = {
  ...authRoutes,
  ...componentRoutes,
  ...serviceMarketRoutes,
  ...contentRoutes,
  ...messageRoutes,
};
