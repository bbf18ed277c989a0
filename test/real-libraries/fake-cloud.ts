/**
 * The tunnel through which `wx.cloud` reaches its environment: one api of `operateWXData`, in the form of its age. Where
 * a function is called, 2.3.2 asks for its result at a URL; newer libraries get it in the reply.
 */
import type { Any } from '../../src/simulator';
import type { Clock } from '../../src/simulator/clock/types';
import { CLOUD, CLOUD_FUNCTION, FunctionFailure } from './world';
import type { World } from './world';

export interface CloudClient {
  version: string;
  clock: Clock;
  world: World;
}

/** What the tunnel carries back: the body of the server's reply, or the failure of the client. */
type Reply = { body: string } | { fail: string };

const OK = {
  baseresponse: { errcode: 0, errmsg: 'ok', stat: { qbase_cost_time: 1 } },
  base_resp: { ret: 0 },
};

const refusal = (errcode: number, errmsg: string): object => ({
  baseresponse: { errcode, errmsg },
  base_resp: { ret: errcode },
});

/** Answers one request of the library; undefined where no answer comes. */
export async function cloudReply(client: CloudClient, request: Any): Promise<Reply | undefined> {
  const {
    qbase_api_name: name = '',
    qbase_req: text,
    qbase_options: options,
  } = (request ?? {}) as Record<string, string | undefined> & { qbase_options?: { env?: string } };
  const { world } = client;
  // What the library does by itself at `init`.
  if (/_init$|testspeed/.test(name)) return { body: JSON.stringify(OK) };
  if (world.cloud === 'silent') return undefined;
  if (world.cloud === 'unreachable') return { fail: 'timeout' };
  const asked = JSON.parse(text ?? '{}') as Any;
  return { body: JSON.stringify(await answer(client, name, asked, options?.env)) };
}

async function answer(client: CloudClient, name: string, asked: Any, env = ''): Promise<object> {
  if (client.world.cloud === 'absent') return refusal(-601034, '没有权限，请先开通云服务');
  if (!CLOUD.envs?.includes(env)) return refusal(-501000, `Environment not found: ${env}`);
  if (/callfunction/.test(name)) return callFunction(client, asked);
  if (/uploadfile/.test(name)) return uploadOf(String(asked.file_path ?? asked.path ?? ''));
  if (/gettempfileurl/.test(name)) return linksOf((asked.fileid_list ?? asked.file_list ?? []) as Any[]);
  if (/deletefile/.test(name)) return deletionOf((asked.fileid_list ?? []) as string[]);
  return OK;
}

async function callFunction({ version, clock, world }: CloudClient, asked: Any): Promise<object> {
  const { function_name: name, data } = asked as { function_name: string; data?: string };
  if (name !== CLOUD_FUNCTION && !(name in (CLOUD.functions ?? {}))) {
    return refusal(-501000, `FunctionName parameter could not be found: ${name}`);
  }
  const outcome = await outcomeOf(() => world.cloudFunction(clock, name, data));
  const reply = { ...OK, ...outcome, status: 1, func_request_id: 'req-1' };
  if (version !== '2.3.2') return reply;
  world.cloudResult = JSON.stringify({ ...reply, content: outcome.data, func_req_id: 'req-1' });
  return { ...OK, status: 0, poll_url: 'https://cloud.test/result' };
}

/** What became of a function that was found. */
async function outcomeOf(run: () => Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    return { service_errcode: 0, data: JSON.stringify(await run()) };
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    return { service_errcode: error.code, service_errmsg: error.message };
  }
}

function uploadOf(path: string): object {
  const url = 'https://cloud.test/upload';
  const file_id = `cloud://env-1.app/${path}`;
  return { ...OK, upload_url: url, url, token: 't', authorization: 'a', file_id, cos_file_id: 'c' };
}

function linksOf(files: Any[]): object {
  const download_list = files.map((file: Any) => {
    const fileid = String(file?.fileid ?? file?.fileID ?? file);
    return {
      fileid,
      download_url: `https://cloud.test/${fileid}`,
      status: 0,
      errmsg: 'ok',
      max_age: 86400,
    };
  });
  return { ...OK, download_list };
}

const deletionOf = (files: string[]): object => ({
  ...OK,
  delete_list: files.map((fileid) => ({ fileid, status: 0, errmsg: 'ok' })),
});
