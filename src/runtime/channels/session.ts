import { ERR_CALL } from '../../protocol';
import type { Configuration, Credential, Task } from '../../protocol';
import type { Call } from '../core/call';
import { failure } from '../core/failure';
import { callHost } from '../core/host-call';
import { registry } from '../core/registry';
import { parseObject } from './reply';
import { startTask } from '../core/task';

/** What the host gives for an HTTP answer, whatever its status. */
export interface HttpAnswer {
  statusCode: number;
  data: any;
}

type RelaySettings = NonNullable<Configuration['relay']>;

/** The app's session with its relay; kept in the registry, so that all copies share it. */
interface Session {
  /** The configuration that it was opened for: another relay, or another user's credential, gets its own. */
  relay: RelaySettings;
  opening: Task<string>;
  /** Calls that wait for it or use it. Without any, opening it is aborted. */
  users: number;
  /** ms */
  until: number;
}

/** Renewed this long before its end, for the clock of a phone and the time of an upload. */
const MARGIN = 60000;

/** The address of the relay's `path`. */
export function relayUrl(call: Call, path: string): string {
  return call.configuration.relay!.url.replace(/\/$/, '') + path;
}

/** Posts JSON, text or bytes to the relay. @param parameters - `header` and `timeout` of wx.request */
export function post(call: Call, path: string, data: unknown, parameters?: object): Promise<HttpAnswer> {
  return callHost(
    call,
    'request',
    Object.assign({ url: relayUrl(call, path), method: 'POST', data }, parameters),
  );
}

/**
 * The body of a good answer.
 *
 * @throws Failure with the relay's own error, or the HTTP status where it says nothing
 */
export function bodyOf(answer: HttpAnswer, isGood: unknown = answer.statusCode < 300): any {
  const body = parseObject(answer.data);
  if (isGood) return body;
  const reason = body.errmsg ? ': ' + body.errmsg : '';
  const text = 'request:fail relay answered ' + answer.statusCode + reason;
  throw failure(ERR_CALL, text, { requestId: body.request_id, cause: answer });
}

/** What the user proves itself with: as the app has configured it, else a code of wx.login. */
function prove(call: Call, { credential }: RelaySettings): Promise<Credential> {
  if (credential) {
    return credential().then(null, (cause: unknown) => {
      throw failure(ERR_CALL, 'credential: ' + cause, { cause });
    });
  }
  const login = (): Promise<any> => callHost(call, 'login', {});
  // Asked first, as the platform advises before a login, which may replace the session that the app's own server
  // knows. Whatever the answer, only a login gives a code; an owner who cannot have that gives a credential.
  return callHost(call, 'checkSession', {})
    .then(login, login)
    .then(({ code }) => ({ type: 'wx', value: code }));
}

function open({ configuration }: Call): Session {
  const relay = configuration.relay!;
  const session: Session = { relay, users: 0, until: Infinity, opening: undefined as any };
  session.opening = startTask('session', undefined, (call) => {
    call.configuration = configuration;
    // Failed or aborted: the next call, be it in this very turn, opens another.
    call.stops.push(() => {
      if (session.until === Infinity) session.until = 0;
    });
    return prove(call, relay)
      .then((credential) => post(call, '/session', { credential }))
      .then((answer) => {
        const { token, expires_in: seconds } = bodyOf(answer);
        // Half of a life that is no longer than the margin.
        if (token) session.until = Date.now() + Math.max(seconds * 1000 - MARGIN, seconds * 500);
        return token || bodyOf(answer, token);
      });
  });
  return session;
}

/**
 * Does something with the session's token, and once more with a new one where the relay no longer knows it.
 *
 * @param use - sends a request
 * @returns the last answer, good or bad
 */
export function withSession(
  call: Call,
  use: (authorization: { Authorization: string }) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const app = registry();
  function attempt(isLast: boolean): Promise<HttpAnswer> {
    // The call's own, where the app has gone on to another relay or user.
    const session: Session =
      [app.session, call.session].filter(
        (one) => one && one.relay === call.configuration.relay && !(one.until < Date.now()),
      )[0] || (app.session = open(call));
    call.session = session;
    session.users++;
    call.stops.push(() => {
      if (!--session.users) session.opening.abort();
    });
    return session.opening
      .then((token: string) => use({ Authorization: 'Bearer ' + token }))
      .then((answer: HttpAnswer) => {
        if (answer.statusCode !== 401 || isLast || call.ended) return answer;
        session.until = 0;
        return attempt(true);
      });
  }
  return attempt(false);
}
