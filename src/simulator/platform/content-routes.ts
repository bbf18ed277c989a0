import { demand, demandPage, OK } from './route';
import type { Platform, Routes } from './route';

const LONGEST_TEXT = 500 * 1024;
const LARGEST_IMAGE = 1024 * 1024;
const LONGEST_SCENE = 32;
const YEAR = 365 * 24 * 3600;

function demandHarmless({ options }: Platform, text: string): void {
  const risky = options.risky ?? ['RISKY'];
  demand(!risky.some((word) => text.includes(word)), 87014, 'risky content');
}

/** Checks of content, mini-program codes, links and live rooms (protocol 14). */
export const contentRoutes: Routes = {
  '/wxa/msg_sec_check': {
    method: 'POST',
    answer(platform, call) {
      const { content } = call.json();
      demand(typeof content === 'string' && content !== '', 44004, 'empty content');
      demand(Buffer.byteLength(content as string) <= LONGEST_TEXT, 45002, 'content size out of limit');
      demandHarmless(platform, content as string);
      return OK;
    },
  },
  '/wxa/img_sec_check': {
    method: 'POST',
    answer(platform, { bytes, contentType }) {
      demand(contentType.startsWith('multipart/form-data'), 41005, 'media data missing');
      const text = bytes.toString('latin1');
      demand(/name="media"/.test(text), 41005, 'media data missing');
      demand(bytes.length <= LARGEST_IMAGE, 40006, 'invalid media size');
      demandHarmless(platform, text);
      return OK;
    },
  },
  '/wxa/getwxacodeunlimit': {
    method: 'POST',
    answer(platform, call) {
      const { scene, page, width = 430 } = call.json();
      demand(typeof scene === 'string' && scene !== '', 40129, 'invalid scene');
      demand(scene.length <= LONGEST_SCENE, 40169, 'invalid length for scene');
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
      demand(!expires || (time > now && time <= now + YEAR), 85401, 'invalid expire_time');
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
