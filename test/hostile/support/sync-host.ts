/** Hosts whose callbacks run before the API returns, with all that is behind them. */
import type { Any } from '../../support/outcomes';

interface Callbacks {
  success(result: Any): void;
}

/** A provider's answer to every call. */
export const SYNC_ANSWER = 'at once';
const REPLY = { errcode: 0, errmsg: 'ok', data: JSON.stringify(SYNC_ANSWER), request_id: 'R' };

/**
 * Carries an API out and answers at once, as a market, a relay and a function would.
 *
 * @param paid - gets the id of what is billed: each first message of the bridge, each id of a relay or function
 */
export function answerAtOnce(api: string, options: Any, { success }: Callbacks, paid: string[]): void {
  const bill = (id: string): object => {
    if (!paid.includes(id)) paid.push(id);
    return REPLY;
  };
  const answers: Record<string, () => object> = {
    operateWXData: () => {
      const { scene, client_msg_id: id } = options.reqData;
      // A question about a call that never came is taken for it.
      if (scene === 1 || paid.length === 0) bill(id);
      return { rawData: JSON.stringify({ ...REPLY, scene: 4 }) };
    },
    uploadToCommonCDN: () => ({ fileUrl: 'https://cdn.simulator.test/at-once' }),
    request: () => ({ statusCode: 200, data: answerRequest(options, bill) }),
    uploadFile: () => ({ statusCode: 200, data: '{"url":"https://relay.test/files/at-once"}' }),
    login: () => ({ code: 'code' }),
    checkSession: () => ({}),
    getNetworkType: () => ({ networkType: 'wifi' }),
    getFileInfo: () => ({ size: 5 }),
    'cloud.callFunction': () => ({ result: bill(options.data.client_msg_id) }),
    'cloud.uploadFile': () => ({ fileID: 'cloud://at-once' }),
    'cloud.getTempFileURL': () => ({
      fileList: [{ tempFileURL: 'https://cloud.simulator.test/at-once?sign=1' }],
    }),
    'cloud.deleteFile': () => ({}),
  };
  success({ errMsg: `${api}:ok`, ...answers[api]() });
}

function answerRequest({ url, data, header }: Any, bill: (id: string) => object): object {
  if (url.endsWith('/session')) return { token: 'token', expires_in: 7200 };
  if (url.endsWith('/invoke')) return bill(data.client_msg_id);
  return { url: 'https://relay.test/files/at-once', size: Number(header['X-Content-Bytes']) };
}
