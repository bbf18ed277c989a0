import type { Installation, ServiceMarket } from '../protocol';
import { decide } from './decide';
import { define } from './define';
import { read } from './host';
import { registry } from './registry';

/**
 * Gives the host's `serviceMarket` what it lacks; see `install` in api.ts.
 *
 * @param ours - the members of this package
 */
export function installMembers(ours: ServiceMarket): Installation {
  const app = registry();
  if (app.installation) return app.installation;
  app.market = read(app.host, 'serviceMarket');
  const value = Object.assign({}, app.market);
  let restore: () => void;
  let isNeeded: unknown;
  const installation: Installation = {
    members: {} as any,
    undo() {
      app.installation = undefined;
      if (restore) restore();
    },
  };
  (Object.keys(ours) as Array<keyof ServiceMarket>).forEach((name) => {
    const state = (installation.members[name] = decide(name));
    if (state !== 'native') isNeeded = app.host;
    value[name] = (state === 'native' ? app.market : ours)[name];
  });
  try {
    if (isNeeded) restore = define(app.host!, value);
    app.installation = installation;
  } catch (error) {
    installation.problem = 'Failed to set wx.serviceMarket: ' + error + '. Use import instead';
    if (typeof console !== 'undefined') console.warn(installation.problem);
  }
  return installation;
}
