import type { Any } from '../types';
import { demand, demandPage, OK } from './route';
import type { Platform, Routes } from './route';

/** Template data: `{name: {value: text}}`. */
function isTemplateData(data: Any): boolean {
  if (data === null || typeof data !== 'object') return false;
  return Object.values(data as object).every((item: Any) => typeof item?.value === 'string');
}

function demandMessage(platform: Platform, message: Any): void {
  const { touser, template_id: template, data } = message;
  const templates = platform.options.templates ?? ['TEMPLATE'];
  demand(platform.users.knows(touser), 40003, 'invalid openid');
  demand(templates.includes(template as string), 40037, 'invalid template_id');
  demand(isTemplateData(data), 47003, 'argument invalid! data');
}

/** Messages to users (protocol 14). */
export const messageRoutes: Routes = {
  '/cgi-bin/message/subscribe/send': {
    method: 'POST',
    answer(platform, call) {
      const message = call.json();
      demandMessage(platform, message);
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
      demandMessage(platform, { ...message, touser: touser as string });
      return OK;
    },
  },
  '/cgi-bin/message/template/send': {
    method: 'POST',
    token: 'official',
    answer(platform, call) {
      demandMessage(platform, call.json());
      return { ...OK, msgid: 1 };
    },
  },
  // Retired: form ids are no longer given out, so none is good.
  '/cgi-bin/message/wxopen/template/send': {
    method: 'POST',
    answer(platform, call) {
      demand(platform.users.knows(call.json().touser), 40003, 'invalid openid');
      demand(false, 41028, 'invalid form id');
      return OK;
    },
  },
};
