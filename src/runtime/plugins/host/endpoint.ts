import { ERR_ARGUMENT, ERR_CALL } from '../../../protocol';
import type { CDNContent } from '../../../protocol';
import { getAsyncResult, invokeService } from '../../api';
import { CDN } from '../../payload/cdn';
import { registry } from '../../core/registry';
import { run } from '../../core/task';
import { readContent } from './contents';
import { now, OwnPromise, parse, seal, stringify, then } from './primordials';
import type { Checks } from './policy';
import type { PluginConfiguration, Reply, Send } from '../types';

/** What crosses of an error. Not its cause, which is an object of the host. */
const FIELDS = 'errMsg errCode billing callId requestId requestID body path errcode errmsg'.split(' ');

/** Where the contents begin among the arguments of Send. */
const CONTENTS = 5;

/**
 * Makes the one function that a plugin gets of its host. Texts, numbers, ArrayBuffers and functions go in;
 * texts come out. What the plugin's functions return or throw is not looked at.
 *
 * @param plugin - the plugin's name
 * @param checks - the policies in force, by plugin
 */
export function createFacade(plugin: string, checks: Checks): Send {
  return seal(function (given: string, options: string | undefined, reply: Reply, data: string | undefined) {
    // An array built from them could be intercepted by setters on Array.prototype; this object cannot.
    // eslint-disable-next-line prefer-rest-params
    const args = arguments;
    const isQuestion = given === 'getAsyncResult';
    const method = isQuestion ? given : 'invokeService';
    const began = now();
    let isStopped: boolean | undefined;
    let task: any;
    let call: any = {};

    function tell(kind: Parameters<Reply>[0], value: unknown): void {
      try {
        reply(kind, stringify(value, kind === 'fail' && (FIELDS as any)));
      } catch {
        // The plugin's own affair.
      }
    }
    function end(kind: 'ok' | 'fail', value: unknown, outcome?: string): void {
      tell(kind, value);
      run((registry().configuration as PluginConfiguration).onPluginCall, {
        plugin,
        service: call.service,
        api: call.api,
        method,
        outcome: outcome || kind,
        ms: now() - began,
      });
    }
    function refuse(reason: unknown, errCode: number): void {
      end('fail', { errMsg: method + ':fail ' + reason, errCode, billing: 'none' }, 'refused');
    }

    function read(): void {
      if (options) call = parse(options);
      for (let i = CONTENTS; i < args.length; i++) args[i] = new CDN(readContent(args[i]) as CDNContent);
      // Each plugin has ids of its own, so that none gets another's stored outcome.
      call.clientMsgId = stringify([plugin, call.clientMsgId]);
      if (data) {
        call.data = parse(data, (_key, value) =>
          typeof value === 'string' && !value.indexOf(args[4])
            ? args[+value.slice(args[4].length) + CONTENTS]
            : value,
        );
      }
    }
    function carry(): void {
      task = (isQuestion ? getAsyncResult : invokeService)(options && call);
      task.onProgressUpdate((progress: unknown) => tell('progress', progress));
      task.then(
        (result: unknown) => end('ok', result),
        (error: unknown) => end('fail', error),
      );
    }
    function decide(answer?: unknown): void {
      if (isStopped) refuse('abort', ERR_CALL);
      else if (answer === true) carry();
      else refuse("refused by the host's policy", ERR_ARGUMENT);
    }
    function start(): void {
      try {
        read();
        const verdict = new OwnPromise((resolve) =>
          resolve(isQuestion || !options || checks[plugin]({ plugin, service: call.service, api: call.api })),
        );
        then(verdict, decide, () => decide());
      } catch (error) {
        refuse(error, ERR_ARGUMENT);
      }
    }

    // Later, on a stack of its own: one that the plugin has nearly filled would break the host's call midway.
    setTimeout(start, 0);
    return seal(() => {
      isStopped = true;
      if (task) task.abort();
    });
  } as Send);
}
