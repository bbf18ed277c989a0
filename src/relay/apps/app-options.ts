import { text } from '../../texts';
import type { Credential } from '../../protocol';
import type { Budgets, Services, UserLimits } from '../../invocation';
import type { OpenApi, PushOptions } from '../../openapi';
import { checkBySchema, type OptionPlace, refuseOption } from '../option-checks';
import type { OnPush } from '../push/push-delivery';

/** Whom a credential belongs to: a user's id (1 to 128 characters), or that and when the credential expires. */
export type Identity =
  | string
  | {
      userId: string;
      /** Unix seconds; a session that it opens ends then at the latest. */
      expiresAt?: number;
    };

/**
 * Says whom a credential belongs to.
 *
 * @returns undefined to refuse the credential. A thrown error means that it could not be checked: the client is told
 *   502, or the status of a thrown RelayError.
 */
export type Authenticate = (
  credential: Credential,
) => Identity | null | undefined | Promise<Identity | null | undefined>;

/** What every app of a relay may have of its own, or share: what stands beside `apps` holds for those that say nothing. */
export interface SharedAppOptions {
  /** What may be called, for example `{ wx79ac3de8be320b71: ['OcrAllInOne'] }`. Needs `openApi`. */
  services?: Services;
  /** The account that pays, sent with every call. A client cannot choose it. @default the app itself */
  consume?: { type: number; appid: string };
  /** Send a call again whose outcome is unknown. Only where the platform is known to bill an id once. */
  upstreamIdempotent?: boolean;
  /** What one user may use. */
  limits?: Partial<UserLimits>;
  /** Web origins that may read answers, for example `https://m.example.com`; no wildcards. */
  allowedOrigins?: readonly string[];
  /** One line of the log for each paid call, whatever `logger.level` is, but "silent". */
  audit?: boolean;
  /** Calls that may be sent, over all users of an app, by `service/api`; what is over it is refused with 429. */
  budgets?: Budgets;
}

/** What one app has: in a relay of one app beside the other options, else by its appid under `apps`. */
export interface AppOptions extends SharedAppOptions {
  authenticate: Authenticate;
  /** The platform's server, for the app's calls. */
  openApi?: OpenApi;
  /**
   * Message push: `POST /push` takes the results of long tasks, and questions for them may wait. Off without it. In a
   * relay of many apps the path is `/push/<appid>`.
   */
  push?: Omit<PushOptions, 'now'>;
  /** Called with pushes that are no result of a call made here; again later where it throws. */
  onPush?: OnPush;
  /**
   * What the digests of the app's users in logs and records are keyed with; the same for all instances.
   * @default made of the secret in the folder
   */
  userSecret?: string;
}

/** One of the apps of a relay. */
export interface OneOfApps extends AppOptions {
  /** Host names by which the relay is reached for this app alone, for example `a.example.com`. */
  hosts?: readonly string[];
  /**
   * Says whether a credential that names no appid says that it is for this app; it proves nothing, and is looked at
   * before `authenticate`. For tokens: `isJwtFor`.
   */
  recognizes?: (credential: Credential) => boolean;
}

/** Options of an app whose default stands in the schema. */
const DEFAULTED = ['services', 'upstreamIdempotent', 'limits', 'allowedOrigins', 'audit', 'budgets'] as const;

/** AppOptions with every default in place. */
export type AppSettings = OneOfApps &
  Required<Pick<AppOptions, (typeof DEFAULTED)[number]>> & {
    limits: UserLimits;
    appid?: string;
    /** The appid where the relay has several apps: what begins everything of the app. */
    scope?: string;
  };

/** The names of the options that a relay's apps may share. */
export const SHARED_APP_OPTIONS = [...DEFAULTED, 'consume'] as const;

/**
 * Fills in the defaults of an app's options and checks every value.
 *
 * @throws TypeError that names the option, what it is and what is allowed
 */
export function resolveApp(
  options: OneOfApps & Pick<AppSettings, 'appid' | 'scope'>,
  place: OptionPlace = [],
): AppSettings {
  if (typeof options.authenticate !== 'function') refuseOption('authenticate', text('aFunction'), place);
  const settings = { ...options, ...checkBySchema(options, SHARED_APP_OPTIONS, place) } as AppSettings;
  if (Object.keys(settings.services).length > 0 && !options.openApi) {
    refuseOption('openApi', text('openApiForServices'), place);
  }
  checkBudgets(settings, place);
  for (const origin of settings.allowedOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      refuseOption('allowedOrigins', text('webOrigins'), place);
    }
  }
  for (const host of options.hosts ?? []) {
    if (!isHostName(host)) refuseOption('hosts', text('hostNames'), place);
  }
  return settings;
}

/** A misspelled pair would leave the real one without a bound. */
function checkBudgets({ budgets, services }: AppSettings, place: OptionPlace): void {
  const pairs = Object.entries(services).flatMap(([service, apis]) => apis.map((api) => `${service}/${api}`));
  const unlisted = Object.keys(budgets).find((pair) => !pairs.includes(pair));
  if (unlisted !== undefined) refuseOption('budgets', text('listedPairs', { pair: unlisted }), place);
}

/** As a request names it: in small letters and without a port. */
function isHostName(host: unknown): boolean {
  return (
    typeof host === 'string' && URL.canParse(`http://${host}`) && new URL(`http://${host}`).hostname === host
  );
}
