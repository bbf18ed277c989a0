import type { FastifyRequest } from 'fastify';
import { RelayError } from '../../invocation';
import type { Credential } from '../../protocol';
import type { AppSettings } from './app-options';
import type { RelayApp, RelaySession } from './relay-app';

/**
 * What a session is opened for: the app is bound to it, and nothing that comes later changes that. An appid has no blank
 * in it.
 */
export function ownerOf({ scope }: Pick<AppSettings, 'scope'>, userId: string): string {
  return scope === undefined ? userId : `${scope} ${userId}`;
}

/** The apps of a relay, and which of them a request is for. */
export interface Apps {
  all: readonly RelayApp[];
  /** @param appid - needed where there are several */
  find(appid?: string): RelayApp | undefined;
  /**
   * Which app a credential is for. That proves nothing: the app itself checks it then.
   *
   * @throws RelayError that says how to name one
   */
  ofCredential(request: FastifyRequest, credential: Credential): RelayApp;
  /** @param owner - as `ownerOf` made it @returns undefined where the relay has the app no more */
  ofOwner(owner: string): RelaySession | undefined;
  /** @returns the pattern of a path that is each app's own */
  pathOf(path: string): string;
  /** @param request - to such a path */
  ofPath(request: FastifyRequest): RelayApp | undefined;
}

/** A relay of one app: whatever comes is for it, so neither paths nor sessions say so. */
export function oneApp(app: RelayApp): Apps {
  return {
    all: [app],
    find: () => app,
    ofCredential: () => app,
    ofOwner: (userId) => ({ app, userId, owner: userId }),
    pathOf: (path) => path,
    ofPath: () => app,
  };
}

/** A relay of several apps: each credential, session and path of an app says which it is. */
export function manyApps(all: readonly RelayApp[]): Apps {
  const byAppid = new Map(all.map((app) => [app.settings.scope as string, app]));
  const byHost = new Map(all.flatMap((app) => (app.settings.hosts ?? []).map((host) => [host, app])));
  return {
    all,
    find: (appid = '') => byAppid.get(appid),

    ofCredential(request, credential) {
      const { appid } = credential;
      const ofHost = byHost.get(request.hostname.toLowerCase());
      if (appid === undefined) return ofHost ?? recognize(request, credential);
      const named =
        byAppid.get(appid) ?? refuse(`it does not serve the app ${appid} that the credential names`);
      if (ofHost && ofHost !== named)
        refuse('the credential names another app than the one of this host name');
      return named;
    },

    ofOwner(owner) {
      const end = owner.indexOf(' ');
      const app = byAppid.get(owner.slice(0, end));
      return app && { app, userId: owner.slice(end + 1), owner };
    },
    pathOf: (path) => `${path}/:appid`,
    ofPath: (request) => byAppid.get((request.params as { appid: string }).appid),
  };

  /** By what the credential itself says, else by the page that the platform says the request comes from. */
  function recognize({ headers }: FastifyRequest, credential: Credential): RelayApp {
    const candidates = all.filter(({ settings }) => settings.recognizes?.(credential));
    if (candidates.length === 1) return candidates[0];
    const ofPage = byAppid.get(PAGE.exec(headers.referer ?? '')?.[1] ?? '');
    if (ofPage && (candidates.length === 0 || candidates.includes(ofPage))) return ofPage;
    if (all.length === 1) return all[0];
    return refuse('it serves several apps, and nothing says which of them the credential is for');
  }
}

/** A mini-program cannot set its `Referer`: the platform does. */
const PAGE = /^https:\/\/servicewechat\.com\/([\da-z_-]{1,64})\//;

function refuse(cause: string): never {
  throw new RelayError(
    400,
    `Failed to open a session: ${cause}. Name one by "appid" in the credential, or use its host name.`,
  );
}
