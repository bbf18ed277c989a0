import type { Installation, ServiceMarket } from '../../protocol';
import { type Host, read, readOwn } from '../core/host';
import { KEY } from '../core/registry';
import type { Registry } from '../core/types';
import { memberState } from './native-market';

const NAME = 'serviceMarket';

/**
 * The host's original serviceMarket. If the current one is ours (also where `uni` re-exports the one of `wx`), what it
 * replaced is stored in it under KEY.
 */
function originalMarket(host: unknown): any {
  const market = read(host, NAME);
  const replaced = readOwn(market, KEY);
  return replaced ? replaced.nativeMarket : market;
}

/**
 * Defines the host's market. It may be an accessor without setter (2.11.0), so it cannot be assigned.
 *
 * @returns puts the host back as it was
 * @throws where the host is frozen
 */
function defineMarket(host: Host, value: object): () => void {
  const before = Object.getOwnPropertyDescriptor(host, NAME);
  Object.defineProperty(host, NAME, { configurable: true, enumerable: true, writable: true, value });
  return () => {
    if (before) Object.defineProperty(host, NAME, before);
    else delete host[NAME];
  };
}

/**
 * Adds to the host's `serviceMarket` what it lacks; see `install` in api.ts.
 *
 * @param ours - the members of this package
 * @returns what became of each member; `problem` where the host cannot be changed
 */
export function installMembers(app: Registry, ours: ServiceMarket): Installation {
  if (app.installation) return app.installation;
  const nativeMarket = (app.nativeMarket = originalMarket(app.host));
  const market: any = Object.defineProperty({}, KEY, { value: { nativeMarket } });
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
  // Members of the host that this package does not know stay.
  Object.keys(Object(nativeMarket)).forEach((name) => {
    market[name] = read(nativeMarket, name);
  });
  (Object.keys(ours) as Array<keyof ServiceMarket>).forEach((name) => {
    const state = (installation.members[name] = memberState(app, name));
    if (state !== 'native') isNeeded = app.host;
    market[name] = (state === 'native' ? nativeMarket : ours)[name];
  });
  try {
    if (isNeeded) restore = defineMarket(app.host!, market);
    app.installation = installation;
  } catch (error) {
    installation.problem = 'Failed to set wx.serviceMarket: ' + error + '. Use import instead';
    if (typeof console !== 'undefined') console.warn(installation.problem);
  }
  return installation;
}
