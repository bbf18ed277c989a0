import type { Installation, ServiceMarket } from '../../protocol';
import { type Host, missingApi, read, readOwn } from '../core/host';
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
 * @throws where the host is frozen, or ignores the definition
 */
export function defineMarket(host: Host, value: object): () => void {
  const before = Object.getOwnPropertyDescriptor(host, NAME);
  Object.defineProperty(host, NAME, { configurable: true, enumerable: true, writable: true, value });
  if (read(host, NAME) !== value) throw 'the host ignores it';
  return () => {
    if (before) Object.defineProperty(host, NAME, before);
    else delete host[NAME];
  };
}

/** Says why what was installed cannot be used: in the result, and to whoever reads the console. */
export function reportProblem(installation: Installation, problem: string): void {
  installation.problem = problem;
  if (typeof console !== 'undefined') console.warn(problem);
}

/** @param error - what defining it threw */
export function notDefined(error: unknown): string {
  return 'Failed to set wx.serviceMarket: ' + error + '. Use import instead';
}

/**
 * Adds to the host's `serviceMarket` what it lacks; see `install` in api.ts.
 *
 * @param ours - the members of this package
 * @returns what became of each member; `problem` where the host cannot be changed, or cannot carry a call
 */
export function installMembers(app: Registry, ours: ServiceMarket): Installation {
  if (app.installation) return app.installation;
  const nativeMarket = (app.nativeMarket = originalMarket(app.host));
  const market: any = Object.defineProperty({}, KEY, { value: { nativeMarket } });
  let restore: (() => void) | undefined;
  let isNeeded = false;
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
    if (state !== 'native') isNeeded = true;
    market[name] = (state === 'native' ? nativeMarket : ours)[name];
  });
  try {
    if (isNeeded && app.host) restore = defineMarket(app.host, market);
    app.installation = installation;
    // Every channel needs one of the two, or wx.cloud, which no host has without them.
    const missing = isNeeded && missingApi(app.host, 'operateWXData') && missingApi(app.host, 'request');
    if (missing) reportProblem(installation, missing + '. In H5 use miniprogram-servicemarket/browser');
  } catch (error) {
    reportProblem(installation, notDefined(error));
  }
  return installation;
}
