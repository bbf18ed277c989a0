import { ERR_CALL } from '../../protocol';
import type { Configuration, Credential, Task } from '../../protocol';
import { onCallEnd } from '../core/call';
import { type Details, type Failure, failure } from '../core/failure';
import { callHost } from '../core/host-call';
import { startTask } from '../core/task';
import type { Call } from '../core/types';
import { idsOf, parse, parseObject } from './reply';

/** The host's result of an HTTP request, whatever its status. */
export interface HttpAnswer {
  statusCode: number;
  data: any;
  header?: object;
}

/** Some hosts write the status as a string. */
export function toHttpAnswer(result: any): HttpAnswer {
  result.statusCode = +result.statusCode;
  return result;
}

type RelaySettings = NonNullable<Configuration['relay']>;

/** A session with a relay; kept in the registry, so that all copies share it. */
interface Session {
  /** The configuration that it was opened for: another relay, or another user's credential, gets its own. */
  relay: RelaySettings;
  token: Task<string>;
  /** Calls that wait for it or use it. When the last of them ends, opening it is aborted. */
  users: number;
  /** ms; Infinity while it is being opened, 0 once it is of no use. */
  expiresAt: number;
  /** The host refused what is needed to open it. */
  isRefused?: boolean;
}

/** Renewed this long before its end, to allow for the clock of a phone and the duration of an upload. */
const MARGIN_MS = 60000;

/** The URL of the relay's `path`. */
export function relayUrl(call: Call, path: string): string {
  return call.app.configuration.relay!.url.replace(/\/$/, '') + path;
}

/** Posts JSON, a string or bytes to the relay. @param parameters - `header` and `timeout` of wx.request */
export function post(call: Call, path: string, data: unknown, parameters?: object): Promise<HttpAnswer> {
  return callHost(
    call,
    'request',
    Object.assign({ url: relayUrl(call, path), method: 'POST', data }, parameters),
  ).then(toHttpAnswer);
}

/** What an error carries of the relay's answer (docs/en/deploy.md, "Answers"). */
export function detailsOf({ statusCode, header, data }: HttpAnswer): Details {
  const headers = Object(header);
  // wx.uploadFile passes no headers on; the text of the relay says it too.
  const [, inText] = /(\d+) seconds\.$/.exec(parseObject(data).errmsg) || [];
  const seconds = headers['Retry-After'] || headers['retry-after'] || inText;
  return { statusCode, retryAfter: seconds && +seconds };
}

/** The error for an answer that is none of the expected: the relay's own words and code, or the HTTP status alone. */
export function relayFailure(answer: HttpAnswer): Failure {
  const body = parse(answer.data);
  const fields = Object(body);
  const { errcode, errmsg } = fields;
  const text = 'request:fail relay answered ' + answer.statusCode + (errmsg ? ': ' + errmsg : '');
  const details = Object.assign({ body, cause: answer }, idsOf(fields), detailsOf(answer));
  return failure(errcode || ERR_CALL, text, details);
}

/** The body of a good answer. @throws Failure for any other */
export function unwrapBody(answer: HttpAnswer): any {
  if (answer.statusCode >= 300) throw relayFailure(answer);
  return parseObject(answer.data);
}

/** What the user proves its identity with: as the app has configured it, else a code of wx.login. */
function getCredential(call: Call, { credential }: RelaySettings): Promise<Credential> {
  if (credential) {
    return credential().then(null, (cause: unknown) => {
      throw failure(ERR_CALL, 'credential: ' + cause, { cause });
    });
  }
  const login = (): Promise<any> => callHost(call, 'login', {});
  // The platform advises to check the session before a login, which may replace the one that the app's own server
  // knows. Whatever the answer, only a login returns a code; an owner who cannot have that configures a credential.
  return callHost(call, 'checkSession', {})
    .then(login, login)
    .then(({ code }) => ({ type: 'wx', value: code }));
}

/** Opens a session for the relay that a call goes to, and adds it to the app's. */
function openSession({ app }: Call, relay: RelaySettings): Session {
  const session = { relay, users: 0, expiresAt: Infinity } as Session;
  session.token = startTask('session', undefined, (call) => {
    // The configuration may have changed since the call began.
    call.app = app;
    // Failed or aborted: the next call, even in this very turn, opens another.
    onCallEnd(call, () => {
      if (session.expiresAt === Infinity) session.expiresAt = 0;
    });
    return getCredential(call, relay)
      .then((credential) => post(call, '/session', { credential }))
      .then((answer) => {
        const { token, expires_in: seconds } = unwrapBody(answer);
        if (!token) throw relayFailure(answer);
        // If the token lives shorter than the margin, renew it after half its lifetime.
        session.expiresAt = Date.now() + Math.max(seconds * 1000 - MARGIN_MS, seconds * 500);
        return token;
      })
      .then(null, (fault: Failure) => {
        session.isRefused = fault.refused;
        throw fault;
      });
  });
  app.sessions.unshift(session);
  return session;
}

/** The open session that fits a call, or a new one. */
function sessionFor(call: Call): Session {
  const { sessions, configuration } = call.app;
  const now = Date.now();
  const relay = configuration.relay!;
  for (let i = sessions.length; i--;) if (sessions[i].expiresAt < now) sessions.splice(i, 1);
  return sessions.filter((session) => session.relay === relay)[0] || openSession(call, relay);
}

/**
 * Does something with the session's token, and once more with a new one where the relay no longer knows it.
 *
 * @param use - sends a request
 * @returns the last answer, good or bad
 * @throws Failure whose text begins with `session:` where no session can be had: nothing was sent
 */
export function withSession(
  call: Call,
  use: (authorization: { Authorization: string }) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  function attempt(isLast: boolean): Promise<HttpAnswer> {
    const session = sessionFor(call);
    session.users++;
    onCallEnd(call, () => {
      if (!--session.users) session.token.abort();
    });
    return session.token
      .then(
        (token: string) => use({ Authorization: 'Bearer ' + token }),
        (error: Failure) => {
          // The task's error is made for pages, which are not told.
          throw Object.assign(error, { refused: session.isRefused });
        },
      )
      .then((answer: HttpAnswer) => {
        if (answer.statusCode !== 401 || isLast || call.hasEnded) return answer;
        session.expiresAt = 0;
        return attempt(true);
      });
  }
  return attempt(false);
}
