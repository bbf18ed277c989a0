import type { Installation, ServiceMarket } from '../../protocol';
import { decide } from './decide';
import { define } from './define';
import { read, readOwn } from '../core/host';
import { KEY, registry } from '../core/registry';

/**
 * The market that a host had before this package came, also where another host of the app hands ours on: what was
 * installed keeps what it took the place of.
 */
function marketOf(host: unknown): any {
  const market = read(host, 'serviceMarket');
  const replaced = readOwn(market, KEY);
  return replaced ? replaced.market : market;
}

/**
 * Gives the host's `serviceMarket` what it lacks; see `install` in api.ts.
 *
 * @param ours - the members of this package
 */
export function installMembers(ours: ServiceMarket): Installation {
  const app = registry();
  if (app.installation) return app.installation;
  const market = (app.market = marketOf(app.host));
  const value: any = Object.defineProperty({}, KEY, { value: { market } });
  let restore: (() => void) | undefined;
  let isNeeded: unknown;
  const installation: Installation = {
    members: {} as any,
    undo() {
      if (app.installation === installation) app.installation = undefined;
      if (restore) restore();
      restore = undefined;
    },
  };
  Object.keys(Object(market)).forEach((name) => {
    value[name] = read(market, name);
  });
  (Object.keys(ours) as Array<keyof ServiceMarket>).forEach((name) => {
    const state = (installation.members[name] = decide(name));
    if (state !== 'native') isNeeded = app.host;
    value[name] = (state === 'native' ? market : ours)[name];
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
