import { ERR_ARGUMENT, ERR_CALL } from '../../../protocol';
import type { CDNContent } from '../../../protocol';
import { getAsyncResult, invokeService } from '../../api';
import { callSafely } from '../../core/callbacks';
import { registry } from '../../core/registry';
import { CDN } from '../../payload/cdn';
import type { Content, PluginConfiguration, Reply, Send } from '../types';
import type { Checks } from './policy';
import {
  dropPrototype,
  exec,
  now,
  OwnPromise,
  parse,
  stringify,
  then,
  withoutPrototype,
} from './primordials';

/** The fields of an error that cross. Not its cause, which is an object of the host. */
const ERROR_FIELDS =
  'errMsg errCode billing callId requestId requestID body path statusCode retryAfter'.split(' ');

/** The fields of an error that cross, each as a whole. */
function errorForPlugin(error: any): object {
  const fields: any = withoutPrototype();
  for (let i = 0; i < ERROR_FIELDS.length; i++) fields[ERROR_FIELDS[i]!] = error[ERROR_FIELDS[i]!];
  return fields;
}

/** The index of the first content among the arguments of Send. */
const FIRST_CONTENT = 5;

/**
 * A path that names a temporary file as hosts write it: `wxfile://tmp_…`, `http://tmp/…`. Anything else is the
 * host's: its user data, its saved files, the files of its package.
 */
const TEMPORARY_FILE = /^\w+:\/\/tmp(?![^]*(\.\.|%))/;

/** A copy that the plugin cannot change later, and that has nothing but bytes. */
function copyBytes(buffer: ArrayBuffer): ArrayBuffer {
  /* eslint-disable es-x/no-typed-arrays -- older than ES2015 on every host */
  const view = new Uint8Array(buffer);
  const copy = new Uint8Array(view.length);
  /* eslint-enable */
  copy.set(view);
  return copy.buffer as ArrayBuffer;
}

/**
 * Makes a plugin's content one that the host may upload.
 *
 * @throws a string for a file that is not temporary
 */
function toHostContent(content: Content): CDNContent | 0 {
  if (typeof content !== 'string') return content && copyBytes(content);
  const text = content.slice(1);
  if (content[0] !== 'f') return text;
  if (text && !exec(TEMPORARY_FILE, text)) throw 'no temp file';
  return { type: 'filePath', filePath: text };
}

/**
 * Makes the one function that a plugin gets from its host. Strings, numbers, ArrayBuffers and functions go in;
 * strings come out. What the plugin's functions return or throw is not looked at.
 *
 * @param plugin - the plugin's name
 * @param checks - the policies in force, by plugin
 */
export function createHostEndpoint(plugin: string, checks: Checks): Send {
  return dropPrototype(function (
    requested: string,
    options: string | undefined,
    reply: Reply,
    data: string | undefined,
  ) {
    // The contents are read from and written to `arguments`: an array made of them could be intercepted by setters
    // that the plugin defines on Array.prototype.
    // eslint-disable-next-line prefer-rest-params
    const args = arguments;
    const isRetrieval = requested === 'getAsyncResult';
    const method = isRetrieval ? requested : 'invokeService';
    const began = now();
    let isStopped: boolean | undefined;
    let task: any;
    let call: any = {};

    function sendReply(kind: Parameters<Reply>[0], value: unknown): void {
      try {
        reply(kind, stringify(kind === 'fail' ? errorForPlugin(value) : value));
      } catch {
        // The plugin's own affair.
      }
    }
    function finish(kind: 'ok' | 'fail', value: unknown, outcome?: string): void {
      sendReply(kind, value);
      callSafely((registry().configuration as PluginConfiguration).onPluginCall, {
        plugin,
        service: call.service,
        api: call.api,
        method,
        outcome: outcome || kind,
        ms: now() - began,
      });
    }
    function refuse(reason: unknown, errCode: number): void {
      finish('fail', { errMsg: method + ':fail ' + reason, errCode, billing: 'none' }, 'refused');
    }

    function deserialize(): void {
      if (options) call = parse(options);
      for (let i = FIRST_CONTENT; i < args.length; i++)
        args[i] = new CDN(toHostContent(args[i]) as CDNContent);
      // Each plugin has ids of its own, so that none gets another's stored outcome.
      call.clientMsgId = stringify([plugin, call.clientMsgId]);
      if (data) {
        call.data = parse(data, (_key, value) =>
          typeof value === 'string' && !value.indexOf(args[4])
            ? args[+value.slice(args[4].length) + FIRST_CONTENT]
            : value,
        );
      }
    }
    function forwardCall(): void {
      task = (isRetrieval ? getAsyncResult : (invokeService as any))(options && call);
      task.onProgressUpdate((progress: unknown) => sendReply('progress', progress));
      task.then(
        (result: unknown) => finish('ok', result),
        (error: unknown) => finish('fail', error),
      );
    }
    function decide(verdict?: unknown): void {
      if (isStopped) refuse('abort', ERR_CALL);
      else if (verdict === true) forwardCall();
      else refuse("refused by the host's policy", ERR_ARGUMENT);
    }
    function authorize(): void {
      try {
        deserialize();
        const verdict = new OwnPromise((resolve) =>
          resolve(
            isRetrieval || !options || checks[plugin]!({ plugin, service: call.service, api: call.api }),
          ),
        );
        then(verdict, decide, () => decide());
      } catch (error) {
        refuse(error, ERR_ARGUMENT);
      }
    }

    // Later, on a stack of its own: one that the plugin has nearly filled would break the host's call midway.
    setTimeout(authorize, 0);
    return dropPrototype(() => {
      isStopped = true;
      if (task) task.abort();
    });
  } as Send);
}
