/**
 * The native client below a real base library: it answers the events that the library sends over its bridge. The
 * service market, the network and the files behind it are those of the simulator, so that both sides of a comparison
 * meet the same world.
 */
import type { Any } from '../../src/simulator';
import type { Clock } from '../../src/simulator/clock/types';
import { cloudReply } from './fake-cloud';
import { PLUGIN_HANDLERS } from './real-plugins';
import type { World } from './world';

/** One event that crossed from the library to the client. */
export interface ClientCall {
  event: string;
  params: Any;
  /** The parameters as they crossed, before bytes were put in. */
  raw: string;
  at: number;
}

/** An answer: at once (the library waits for it), later, or none. */
export type Answer = { now: object } | { later: object } | undefined;

export type Handler = (params: Any, call: ClientCall) => Answer | Promise<Answer>;

export interface ClientOptions {
  version: string;
  platform: 'android' | 'ios';
  clock: Clock;
  world: World;
  systemInfo: Record<string, unknown>;
  /** Sends an event from the client to the library. */
  dispatch(event: string, data: object): void;
}

const ok = (event: string, fields: object = {}): object => ({ errMsg: `${event}:ok`, ...fields });
const failed = (event: string, cause: string): object => ({ errMsg: `${event}:fail ${cause}` });

/** Events of which no page notices anything; they are answered with ok. */
const QUIET =
  /^(report|systemLog|log$|private_|onBackgroundFetch|setEnable|traceEvent|operateRequest|initReady|addPerf)/;

/** The platform's own record of a device: members that only show something, which succeed. */
const SHOWING =
  /^(showToast|hideToast|showLoading|hideLoading|showNavigationBarLoading|hideNavigationBarLoading|setNavigationBarTitle|stopPullDownRefresh|setClipboardData)$/;

type Kind = 'Request' | 'Upload' | 'Download';

/** The handlers of one booted library, by event. */
export function createFakeClient(options: ClientOptions): (call: ClientCall) => Answer | Promise<Answer> {
  const { clock, world, platform } = options;
  const aborted = new Set<string>();
  const finished = new Set<string>();
  let ids = 0;

  /** `operateWXData` as the client answers it: the body of the server, as a string on android. */
  const serverReply = (body: string | undefined): object => {
    const data = { data: body };
    return ok('operateWXData', { data: platform === 'android' ? JSON.stringify(data) : data });
  };

  async function operateWXData({ data = {} }: Any): Promise<Answer> {
    const { api_name: name, data: request, plugin_appid: pluginAppid } = data as Record<string, Any>;
    if (name === 'qbase_commapi') {
      const reply = await cloudReply(options, request);
      if (!reply) return undefined;
      return { later: 'fail' in reply ? failed('operateWXData', reply.fail) : serverReply(reply.body) };
    }
    return {
      later: serverReply(await world.operate(String(name), request, pluginAppid as string | undefined)),
    };
  }

  /** @param delay - ms until the transfer begins: after the library has the id of its task */
  const createTask =
    (kind: Kind, delay = 1): Handler =>
    (params, { event }) => {
      const id = String(++ids);
      const idKey = `${kind.toLowerCase()}TaskId`;
      const send = (fields: object): void =>
        options.dispatch(`on${kind}TaskStateChange`, { [idKey]: id, ...fields });
      clock.setTimer(
        () => void transfer(kind, params, () => aborted.has(id), send).then(() => finished.add(id)),
        delay,
        event,
      );
      return { now: ok(event, { [idKey]: id }) };
    };

  async function transfer(
    kind: Kind,
    params: Any,
    isAborted: () => boolean,
    send: (fields: object) => void,
  ): Promise<void> {
    if (isAborted()) return;
    const result = await world.exchange(kind, params);
    if (isAborted()) return;
    if ('fail' in result) return send({ state: 'fail', errMsg: result.fail });
    const { status: statusCode, header, body } = result;
    if (kind === 'Request') send({ state: 'headersReceived', header });
    else send({ state: 'progressUpdate', progress: 100, totalBytesSent: 1, totalBytesExpectedToSend: 1 });
    const success = { state: 'success', statusCode, header };
    if (kind === 'Download') send({ ...success, tempFilePath: 'wxfile://tmp_download' });
    else
      send({
        ...success,
        data: params.responseType === 'arraybuffer' ? Buffer.from(body) : Buffer.from(body).toString(),
      });
  }

  const operateTask =
    (kind: Kind): Handler =>
    (params, { event }) => {
      const idKey = `${kind.toLowerCase()}TaskId`;
      const id = String(params[idKey]);
      if (params.operationType === 'abort' && !aborted.has(id) && !finished.has(id)) {
        aborted.add(id);
        const state = { [idKey]: id, state: 'fail', errMsg: 'abort' };
        clock.setTimer(() => options.dispatch(`on${kind}TaskStateChange`, state), 0, event);
      }
      return { now: ok(event) };
    };

  const handlers: Record<string, Handler> = {
    ...PLUGIN_HANDLERS,
    login: () => ({ later: ok('login', { code: 'CODE' }) }),
    refreshSession: () => ({ later: ok('refreshSession', { expireIn: 7200, err_code: '0' }) }),
    checkSession: () => ({ later: ok('checkSession') }),
    getNetworkType: () => ({ later: ok('getNetworkType', { networkType: 'wifi' }) }),
    getSystemInfo: () => ({ now: ok('getSystemInfo', options.systemInfo) }),
    getSystemInfoAsync: () => ({ later: ok('getSystemInfoAsync', options.systemInfo) }),
    getDeviceInfo: () => ({ now: ok('getDeviceInfo', options.systemInfo) }),
    uploadToCommonCDN: (params) => ({ later: world.uploadToCdn(params) }),
    operateWXData,
    createRequestTask: createTask('Request'),
    operateRequestTask: operateTask('Request'),
    createUploadTask: createTask('Upload'),
    operateUploadTask: operateTask('Upload'),
    createDownloadTask: createTask('Download'),
    operateDownloadTask: operateTask('Download'),
    chooseImage: ({ count }) => ({ later: world.chooseImage(count as number) }),
  };
  // 2.30.3 on android asks for the task by an asynchronous event.
  for (const kind of ['Request', 'Upload', 'Download'] as const) {
    handlers[`create${kind}TaskAsync`] = (params, call) => {
      const answer = createTask(kind, 5)(params, call) as { now: object };
      return { later: { ...answer.now, errMsg: `${call.event}:ok` } };
    };
  }
  for (const name of world.fileOperations) {
    const run = (event: string, params: Any): object => {
      const result = world.file(name, params);
      return 'fail' in result ? failed(event, result.fail) : ok(event, result);
    };
    handlers[name] = (params) => ({ later: run(name, params) });
    handlers[`${name}Sync`] = (params) => ({ now: run(`${name}Sync`, params) });
  }

  return (call) => {
    const handler = handlers[call.event];
    if (handler) return handler(call.params, call);
    if (SHOWING.test(call.event) || QUIET.test(call.event)) return { later: ok(call.event) };
    return undefined;
  };
}
