import { ERR_CALL } from '../../protocol';
import type { Configuration, Credential, ServiceMarketError, Task } from '../../protocol';
import type { Call } from '../call';
import { callHost, type Failed } from '../host-call';
import { registry } from '../registry';
import { parseObject } from '../reply';
import { startTask } from '../settle';

/** What the host gives for an HTTP answer, whatever its status. */
export interface HttpAnswer {
  statusCode: number;
  data: any;
}

/** The app's session with its relay; kept in the registry, so that all copies share it. */
interface Session {
  /** The configuration that it was opened for: another relay, or another user's credential, gets its own. */
  relay: object;
  opening: Task<string>;
  /** Calls that wait for it or use it. Without any, opening it is aborted. */
  users: number;
  /** ms */
  until: number;
}

/** Renewed this long before its end, for the clock of a phone and the time of an upload. */
const MARGIN = 60000;

/** The address of the relay's `path`. */
export function relayUrl(path: string): string {
  return registry().configuration.relay!.url.replace(/\/$/, '') + path;
}

/**
 * Posts JSON, text or bytes to the relay.
 * @param parameters - `header` and `timeout` of wx.request
 * @param failed - @default ends the call
 */
export function post(
  call: Call,
  path: string,
  data: unknown,
  parameters: object,
  done: (answer: HttpAnswer) => void,
  failed?: Failed,
): void {
  callHost(
    call,
    'request',
    Object.assign({ url: relayUrl(path), method: 'POST', data }, parameters),
    done,
    failed,
  );
}

/** Ends the call with the relay's own error, or with the HTTP status where it says nothing. */
function refuse(call: Call, answer: HttpAnswer): void {
  const body = parseObject(answer.data);
  const reason = body.errmsg ? ': ' + body.errmsg : '';
  const text = 'request:fail relay answered ' + answer.statusCode + reason;
  call.fail(ERR_CALL, text, { requestId: body.request_id, cause: answer });
}

function open(relay: NonNullable<Configuration['relay']>): Session {
  const session: Session = { relay, users: 0, until: Infinity, opening: undefined as any };
  session.opening = startTask('session', undefined, (call) => {
    function start(credential: Credential): void {
      post(call, '/session', { credential }, {}, (answer) => {
        if (answer.statusCode !== 200) return refuse(call, answer);
        const { token, expires_in: seconds } = parseObject(answer.data);
        if (!token) return refuse(call, answer);
        session.until = Date.now() + seconds * 1000 - MARGIN;
        call.done(token);
      });
    }
    function login(): void {
      callHost(call, 'login', {}, (result) => start({ type: 'wx', value: result.code }));
    }
    // Failed or aborted: the next call, be it in this very turn, opens another.
    call.stops.push(() => {
      if (session.until === Infinity) session.until = 0;
    });
    if (relay.credential) {
      relay.credential().then(start, (cause) => call.fail(ERR_CALL, 'credential: ' + cause, { cause }));
    } else {
      // Asked first, as the platform advises: a login may replace the session that the app's own server knows,
      // and one that is checked as alive is kept alive. Whatever the answer, only a login gives a code.
      callHost(call, 'checkSession', {}, login, login);
    }
  });
  return session;
}

/**
 * Does something with the session's token, and once more with a new one where the relay no longer knows it.
 *
 * @param use - sends a request; its answer goes to `answered`
 * @param done - gets the good answer
 */
export function withSession(
  call: Call,
  use: (authorization: { Authorization: string }, answered: (answer: HttpAnswer) => void) => void,
  done: (answer: HttpAnswer) => void,
): void {
  const app = registry();
  function attempt(isLast: boolean): void {
    const relay = app.configuration.relay!;
    let session = app.session as Session;
    if (!session || session.relay !== relay || session.until < Date.now())
      session = app.session = open(relay);
    session.users++;
    call.stops.push(() => {
      if (!--session.users) session.opening.abort();
    });
    session.opening.then(
      (token) =>
        use({ Authorization: 'Bearer ' + token }, (answer) => {
          if (answer.statusCode < 300) return done(answer);
          if (answer.statusCode !== 401 || isLast) return refuse(call, answer);
          session.until = 0;
          attempt(true);
        }),
      ({ errCode, errMsg, requestId, cause }: ServiceMarketError) =>
        call.fail(errCode, errMsg, { requestId, cause }),
    );
  }
  attempt(false);
}
