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
import { type Call, createTimer, type Details } from '../call';
import { callHost } from '../host-call';
import { registry } from '../registry';
import type { Refused } from './channel';

/**
 * The messages of one call over the bridge (protocol 7, 9; design.md, Money 1 and 2): the call itself, a poll
 * for each "not yet", and after a loss at most `repeats` questions under the same call_id. A first message is
 * never sent twice, unless the app opted in with `retries.resend`.
 *
 * @param apiName - the server's name of what is called
 * @param message - makes the data of a message
 * @param take - ends the call with an answer, or returns true for "not yet"; `where` ends its error texts
 * @param refused - is told when the host refuses the first message, which then never left
 */
export function converse(
  call: Call,
  apiName: string,
  message: (scene: number, retryReason: number) => unknown,
  take: (body: unknown, where: string) => boolean | void,
  refused: Refused,
): void {
  const { limits, configuration } = registry();
  const setTimer = createTimer(call);
  const trace: string[] = [];
  let repeats = 0;
  /** The message whose answer is waited for; 0 between messages. */
  let awaited = 0;

  function where(): string {
    return ' (callId: ' + call.callId + ') (trace: ' + trace.join('->') + ')';
  }

  function post(scene: number, reason: number, step: string): void {
    const now = new Date();
    // The platform's trace of a call: `H:M:S start->H:M:S normal poll->…`.
    const order = trace.push([now.getHours(), now.getMinutes(), now.getSeconds()].join(':') + ' ' + step);
    awaited = order;

    /** Sends the next message, or ends the call with the given error where no more are allowed. */
    function again(why: number, nextStep: string, errCode: number, text: string, details?: Details): void {
      const isResent = why !== RETRY_NONE && configuration.retries && configuration.retries.resend;
      if (order >= limits.messages || (why !== RETRY_NONE && repeats++ >= limits.repeats)) {
        return call.fail(errCode, text, details);
      }
      awaited = 0;
      // Paced: the platform's loop would spend 52 messages in a second on a quick server.
      setTimer(+now + limits.pollInterval - Date.now(), () =>
        post(isResent ? SCENE_CALL : SCENE_POLL, why, nextStep),
      );
    }

    setTimer(limits.messageTimeout, () => {
      const text = '104 . timeout for retry, cannot retry fetching the result anymore';
      again(RETRY_TIMEOUT, 'timeout', ERR_TIMEOUT, text + where());
    });
    callHost(
      call,
      'operateWXData',
      { apiName, reqData: message(scene, reason) },
      (result) => {
        // A good answer counts whenever it comes; a "not yet" only from the message that is waited for.
        if (take(result.rawData, where()) && awaited === order) {
          again(RETRY_NONE, 'normal poll', ERR_POLLS, '102 . exceed max poll retry' + where());
        }
      },
      (errCode, text, details, isRefusal) => {
        if (awaited !== order) return;
        if (isRefusal && order === 1) {
          setTimer();
          call.billing = 'none';
          refused(text);
        } else if (errCode === ERR_CALL && !/cancel$/.test(text)) {
          again(RETRY_SYSTEM_ERROR, 'system error', errCode, text, details);
        } else {
          call.fail(errCode, text, details);
        }
      },
    );
  }

  post(SCENE_CALL, RETRY_NONE, 'start');
}
