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
  const installation: Installation = {
    members: decide(native()),
    undo() {
      app.installation = undefined;
    },
  };
  try {
    if (app.host && (!native().complete || app.configuration.prefer === 'shim')) {
      const restore = define(app.host, native(), installation.members, ours);
      installation.undo = () => {
        app.installation = undefined;
        restore();
      };
    }
    app.installation = installation;
  } catch (error) {
    installation.problem =
      'wx.serviceMarket cannot be set; import miniprogram-servicemarket instead. ' + error;
    if (typeof console !== 'undefined') console.warn(installation.problem);
  }
  return installation;
}
