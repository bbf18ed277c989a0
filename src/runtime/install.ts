import type { Installation, ServiceMarket } from '../protocol';
import { decide } from './decide';
import { define } from './define';
import { native } from './detect';
import { registry } from './registry';

/**
 * Gives the host's `serviceMarket` what it lacks; see `install` in api.ts.
 *
 * @param ours - the members of this package
 */
export function installMembers(ours: ServiceMarket): Installation {
  const app = registry();
  if (app.installation) return app.installation;
  const members = decide(native());
  const installation: Installation = { members, undo() {} };
  const { invokeService, getAsyncResult, CDN } = members;
  if (!app.host || (invokeService === 'native' && getAsyncResult === 'native' && CDN === 'native')) {
    return installation;
  }
  try {
    const restore = define(app.host, native(), members, ours);
    installation.undo = () => {
      restore();
      app.installation = undefined;
    };
    app.installation = installation;
  } catch (error) {
    installation.problem =
      'Failed to set wx.serviceMarket: ' +
      error +
      ". Use import {invokeService} from 'miniprogram-servicemarket'";
    if (typeof console !== 'undefined') console.warn(installation.problem);
  }
  return installation;
}
