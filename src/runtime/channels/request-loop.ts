import {
  ERR_CALL,
  ERR_POLLS,
  ERR_TIMEOUT,
  RETRY_NONE,
  RETRY_SYSTEM_ERROR,
  RETRY_TIMEOUT,
  SCENE_CALL,
  SCENE_POLL,
} from '../../protocol';
import { type Call, createTimer } from '../core/call';
import { type Failure, failure } from '../core/failure';
import { registry } from '../core/registry';

/**
 * The messages of one call (protocol 7, 9; design.md, Money 1 and 2): the call itself, a poll for each "not
 * yet", and after a loss at most `repeats` questions under the same id. A first message is never sent twice,
 * unless the app opted in with `retries.resend`.
 *
 * @param send - sends a message and gives the body of its answer
 * @param read - reads an answer; undefined for "not yet". `where` gives the end of its error texts
 * @returns what `read` gave. Where the host refuses the first message, which then never left, it rejects and
 *   `call.billing` is 'none' again
 */
export function converse<R>(
  call: Call,
  send: (scene: number, retryReason: number) => Promise<unknown>,
  read: (body: any, where: () => string) => R | undefined,
): Promise<R> {
  const { limits } = registry();
  const { retries } = call.configuration;
  const setTimer = createTimer(call);
  const trace: string[] = [];
  let repeats = 0;
  /** The message whose answer is waited for; 0 between messages. */
  let awaited = 0;

  function where(): string {
    return ' (callId: ' + call.callId + ') (trace: ' + trace.join('->') + ')';
  }

  return new Promise((resolve, reject) => {
    function post(scene: number, reason: number, step: string): void {
      const now = new Date();
      // The platform's trace of a call: `H:M:S start->H:M:S normal poll->…`.
      const time = now.getHours() + ':' + now.getMinutes() + ':' + now.getSeconds();
      const order = trace.push(time + ' ' + step);
      awaited = order;

      /** Sends the next message, or ends with `fault` where no more are allowed. */
      function again(why: number, nextStep: string, fault: Failure): void {
        if (order >= limits.messages || (why !== RETRY_NONE && repeats++ >= limits.repeats)) {
          return reject(fault);
        }
        awaited = 0;
        const isResent = why !== RETRY_NONE && retries && retries.resend;
        // Paced: the platform's loop would spend 52 messages in a second on a quick server.
        // The phone's clock may have been put back meanwhile.
        const ms = Math.min(+now + limits.pollInterval - Date.now(), limits.pollInterval);
        setTimer(ms, () => post(isResent ? SCENE_CALL : SCENE_POLL, why, nextStep));
      }

      setTimer(limits.messageTimeout, () => {
        const text = '104 . timeout for retry, cannot retry fetching the result anymore';
        again(RETRY_TIMEOUT, 'timeout', failure(ERR_TIMEOUT, text + where()));
      });
      send(scene, reason)
        .then(
          (body) => {
            // A good answer counts whenever it comes.
            const result = read(body, where);
            if (result) resolve(result);
            else if (awaited === order)
              again(RETRY_NONE, 'normal poll', failure(ERR_POLLS, '102 . exceed max poll retry' + where()));
          },
          (fault: Failure) => {
            if (awaited !== order) return;
            const isRefused = fault.refused && order === 1;
            if (isRefused || fault.errCode !== ERR_CALL || /cancel$/.test(fault.errMsg)) throw fault;
            again(RETRY_SYSTEM_ERROR, 'system error', fault);
          },
        )
        .then(null, (fault: Failure) => {
          // A bad answer counts only as that of the message that is waited for.
          if (awaited !== order) return;
          setTimer();
          // Sure only of the first message: a lost one may have left.
          if ((fault.refused || call.isUnsent) && trace.length === 1) call.billing = 'none';
          reject(fault);
        });
    }

    post(SCENE_CALL, RETRY_NONE, 'start');
  });
}
