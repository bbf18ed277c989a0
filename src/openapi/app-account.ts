import type { CallTypes } from './call-types';
import type { TokenHolder } from './shared-token';

/** In place of an app's own secret: what the platform lets somebody else do for the app. */
export interface AppAccount {
  readonly appid: string;
  tokens: TokenHolder;
  /** Turns a login code in. @throws OpenApiError */
  code2Session(args: { js_code: string }): Promise<CallTypes['auth.code2Session'][1]>;
}
