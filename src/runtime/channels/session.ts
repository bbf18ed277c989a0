import { ERR_CALL } from '../../protocol';
import type { Credential, ServiceMarketError, Task } from '../../protocol';
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
  return registry().configuration.relay!.url + path;
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
  const text = 'request:fail relay answered ' + answer.statusCode + ': ' + body.errmsg;
  call.fail(ERR_CALL, text, { requestId: body.request_id, cause: answer });
}

function open(): Session {
  const app = registry();
  const session: Session = { users: 0, until: Infinity, opening: undefined as any };
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
    const { credential } = app.configuration.relay!;
    if (credential)
      credential().then(start, (cause) => call.fail(ERR_CALL, 'credential: ' + cause, { cause }));
    else callHost(call, 'login', {}, (result) => start({ type: 'wx', value: result.code }));
  });
  session.opening.then(null, () => {
    session.until = 0;
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
    let session = app.session as Session;
    if (!session || session.until < Date.now()) session = app.session = open();
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
      ({ errCode, errMsg, cause }: ServiceMarketError) => call.fail(errCode, errMsg, { cause }),
    );
  }
  attempt(false);
}
