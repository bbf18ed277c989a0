import { MAX_TIMER_MS } from '../../protocol';
import type { AppAccount } from '../app-account';
import type { CallTypes } from '../call-types';
import { createSend, type OutgoingRequest } from '../http-client';
import { OpenApiError } from '../open-api-error';
import { type Push, type PushMessage, PushRefusal } from '../push/push-reader';
import { SharedToken } from '../shared-token';
import { readToken, requestTokens } from '../token-request';
import type { AccessToken } from '../token-store';
import { withToken } from '../with-token';
import { type AskPlatform, Authorizations } from './authorizations';
import { type ComponentStore, MemoryComponentStore } from './component-store';
import { COMPONENT_REFUSALS, TICKET_ADVICE } from './refusals';
import { tokensInVault, Vault } from './vault';

/** Options of `createComponent`. */
export interface ComponentOptions {
  /** The third-party platform's own (component_appid). */
  appid: string;
  secret: string;
  /**
   * Encrypt what is kept: 32 bytes in base64 each, newest first. The first encrypts, all decrypt. Keep an older one until
   * every app has got a token by the newest, at most the days that an app may rest. Where several instances run, give all
   * of them the new one as the last before any has it as the first: one that lacks it cannot read what another wrote.
   */
  encryptionKeys: readonly string[];
  /** Shared by all instances, and lasting. @default this process alone */
  store?: ComponentStore;
  /** @default 'https://api.weixin.qq.com' */
  baseUrl?: string;
  /** Ms for one answer. @default 60000 */
  timeout?: number;
  /** The clock, in ms. @default Date.now */
  now?: () => number;
  /** Called when an app has authorized, or has changed what it grants; again where the event comes again. */
  onAuthorized?(appid: string): unknown;
  /** Called when an app has taken its authorization back and was forgotten; again where the event comes again. */
  onRemoved?(appid: string): unknown;
}

/** A third-party platform: it makes calls for apps whose owners have authorized it. */
export interface Component {
  readonly appid: string;
  /**
   * What `createOpenApi` accepts as `account`. The app may authorize later.
   *
   * @param appid - of the app
   */
  forApp(appid: string): AppAccount;
  /**
   * Carries out an event that the platform has pushed: a ticket, an authorization, one that was changed or taken back. It
   * is stored when this resolves: answer `success` then. A repeat has no second effect, and other events none.
   *
   * @param push - as `createPushReader({ appid, token, encodingAESKey })` has read it, with the appid of this one
   * @throws PushRefusal for what proves nothing or is another's; OpenApiError, or what a hook throws: answer anything but
   *   `success`, and the platform pushes it again
   */
  receive(push: Push): Promise<void>;
  /**
   * Takes an authorization over by hand, with the `auth_code` that the owner's browser brings back.
   *
   * @throws OpenApiError
   */
  authorize(authorizationCode: string): Promise<{ appid: string }>;
  /**
   * Takes over an app that authorized this third-party platform before: when the store was lost, or another system has
   * got its tokens so far, which must get none from now on.
   *
   * @throws OpenApiError; 61003 where the app has not authorized
   */
  adopt(appid: string): Promise<void>;
  /** Whether an app has authorized, as far as is known here. @throws VaultError where its record cannot be decrypted */
  isAuthorized(appid: string): Promise<boolean>;
  /** Has the platform push tickets again, where it has stopped (api_start_push_ticket). @throws OpenApiError */
  startTicketPush(): Promise<void>;
}

interface Ticket {
  value: string;
  /** Unix seconds. */
  createdAt: number;
}

const TICKET_TTL_MS = 12 * 3600 * 1000;
const TOKEN_CALL = 'component.getComponentAccessToken';
const TICKET_CALL = 'component.startPushTicket';
const SESSION_CALL = 'auth.code2Session';

/**
 * A client of the platform's server for third-party platforms. Ticket, tokens and refresh tokens are kept
 * encrypted, are the same for all instances, and stand in no error.
 *
 * @throws TypeError that names the option which is missing or wrong
 * @example
 * const component = createComponent({ appid, secret, encryptionKeys: process.env.WX_COMPONENT_KEYS.split(',') });
 * await component.receive(pushes.read(query, body)); // for each push
 * const openApi = createOpenApi({ appid: app, account: component.forApp(app) });
 */
export function createComponent(options: ComponentOptions): Component {
  const { appid, secret, timeout = 60_000, now = Date.now } = options;
  if (!appid || !secret) refuseOption('"appid" and "secret" are required');
  if (!Number.isSafeInteger(timeout) || timeout < 1 || timeout > MAX_TIMER_MS) {
    refuseOption(`"timeout" must be an integer from 1 to ${MAX_TIMER_MS}`);
  }
  if (!Array.isArray(options.encryptionKeys)) refuseOption('"encryptionKeys" must be a list of keys');
  const send = createSend(options.baseUrl ?? 'https://api.weixin.qq.com', timeout);
  const vault = new Vault(options.store ?? new MemoryComponentStore(now), options.encryptionKeys);
  const prefix = `component:${appid}`;
  const tokens = new SharedToken(
    { call: TOKEN_CALL, key: `${prefix}:token`, fetch: fetchToken },
    tokensInVault(vault, now),
    now,
  );
  const authorizations = new Authorizations(ask, vault, prefix, now);

  return {
    appid,

    forApp: (app) => ({
      appid: app,
      tokens: authorizations.tokenOf(app),
      code2Session: ({ js_code: code }) => code2Session(app, code),
    }),

    async receive({ message, isProved }) {
      if (!isProved) throw new PushRefusal('it is not encrypted');
      if (message.AppId !== appid) throw new PushRefusal('it is for another third-party platform');
      const createdAt = readInteger(message, 'CreateTime');
      switch (message.InfoType) {
        case 'component_verify_ticket':
          return keepTicket({ value: readString(message, 'ComponentVerifyTicket'), createdAt });
        case 'authorized':
        case 'updateauthorized': {
          const app = readString(message, 'AuthorizerAppid');
          await authorizations.exchange(readString(message, 'AuthorizationCode'), createdAt, app);
          return tellAuthorized(app);
        }
        case 'unauthorized': {
          const app = readString(message, 'AuthorizerAppid');
          if (await authorizations.remove(app, createdAt)) await options.onRemoved?.(app);
          return;
        }
      }
    },

    async authorize(authorizationCode) {
      const app = await authorizations.exchange(authorizationCode, Math.floor(now() / 1000));
      await tellAuthorized(app);
      return { appid: app };
    },

    async adopt(app) {
      await authorizations.adopt(app, Math.floor(now() / 1000));
      await options.onAuthorized?.(app);
    },

    isAuthorized: (app) => authorizations.has(app),

    async startTicketPush() {
      const body = JSON.stringify({ component_appid: appid, component_secret: secret });
      const path = '/cgi-bin/component/api_start_push_ticket';
      await request(TICKET_CALL, { method: 'POST', path, query: {}, body }, [secret]);
    },
  };

  function request(
    call: string,
    outgoing: OutgoingRequest,
    secrets: readonly string[],
  ): Promise<Record<string, unknown>> {
    return requestTokens(send, call, outgoing, secrets, COMPONENT_REFUSALS);
  }

  /** A code that was exchanged before may be of an authorization that has ended since: then there is nothing to tell. */
  async function tellAuthorized(app: string): Promise<void> {
    if (await authorizations.has(app)) await options.onAuthorized?.(app);
  }

  /** Tickets may come in another order than they were made, and a replayed one is no news. */
  function keepTicket(ticket: Ticket): Promise<void> {
    const name = `${prefix}:ticket`;
    return vault.exclusive(name, async () => {
      const text = await vault.readIfReadable(name);
      if (text !== undefined && (JSON.parse(text) as Ticket).createdAt >= ticket.createdAt) return;
      const ttl = ticket.createdAt * 1000 + TICKET_TTL_MS - now();
      if (ttl > 0) await vault.write(name, JSON.stringify(ticket), ttl);
    });
  }

  async function fetchToken(): Promise<AccessToken> {
    const text = await vault.readIfReadable(`${prefix}:ticket`);
    if (text === undefined) {
      throw new OpenApiError(TOKEN_CALL, `no ticket has come. ${TICKET_ADVICE}`, { billing: 'none' });
    }
    const { value: ticket } = JSON.parse(text) as Ticket;
    const body = JSON.stringify({
      component_appid: appid,
      component_appsecret: secret,
      component_verify_ticket: ticket,
    });
    const path = '/cgi-bin/component/api_component_token';
    const answer = await request(TOKEN_CALL, { method: 'POST', path, query: {}, body }, [secret, ticket]);
    return readToken(TOKEN_CALL, answer.component_access_token, answer.expires_in, now());
  }

  function ask(...[call, path, body, secrets]: Parameters<AskPlatform>): ReturnType<AskPlatform> {
    return withToken(tokens, (token) =>
      request(
        call,
        {
          method: 'POST',
          path,
          query: { component_access_token: token },
          body: JSON.stringify({ component_appid: appid, ...body }),
        },
        [...secrets, token],
      ),
    );
  }

  function code2Session(app: string, code: string): Promise<CallTypes['auth.code2Session'][1]> {
    return withToken(tokens, async (token) => {
      const query = {
        appid: app,
        js_code: code,
        grant_type: 'authorization_code',
        component_appid: appid,
        component_access_token: token,
      };
      const path = '/sns/component/jscode2session';
      const answer = await request(SESSION_CALL, { method: 'GET', path, query }, [token]);
      return answer as CallTypes['auth.code2Session'][1];
    });
  }
}

function readString(message: PushMessage, name: string): string {
  const value = message[name];
  if (typeof value !== 'string' || value === '') throw new PushRefusal(`it has no "${name}"`);
  return value;
}

function readInteger(message: PushMessage, name: string): number {
  const value = Number(message[name]);
  if (!Number.isSafeInteger(value) || value <= 0) throw new PushRefusal(`it has no "${name}"`);
  return value;
}

function refuseOption(cause: string): never {
  throw new TypeError(`Failed to make the third-party platform: ${cause}.`);
}
