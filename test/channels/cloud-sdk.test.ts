/** Pages over the cloud function that ships, on the real wx-server-sdk, whose requests go to a simulated cloud. */
import { createPlatformServer } from '../../src/simulator';
import type { HostOptions } from '../../src/simulator';
import { cleanUpAfterTest } from '../support/cleanup';
import { openPage, type PageHost } from '../support/hosts';
import type { Any } from '../support/outcomes';
import { describeWith } from '../toolchain/installed';
import { BILLINGS, outcome } from './support/backend';
import { deployOnSdk } from './support/cloud-instance';
import { CLOUD } from './support/fake-function';
import { until } from '../support/until';

const DAY = 86_400_001;
const ACCOUNT = { appid: 'wxapp', secret: 'app-secret' };

function open(options: HostOptions = {}, config: object = {}): PageHost {
  const host = openPage(
    { sdkVersion: '2.8.3', clock: 'real', bridge: 'absent', upload: 'absent', ...options },
    { channels: ['cloud'], cloud: CLOUD, ...config },
  );
  cleanUpAfterTest(() => host.close());
  return host;
}

describeWith('wx-server-sdk', 'on the real wx-server-sdk', () => {
  test('a call with a file: keys stay as they are, the service gets the file, nothing of it is left', async () => {
    const host = open();
    const { server } = await deployOnSdk(host);
    const given: Any[] = [];
    host.market.provide('wxSVC/API', (data: Any) => {
      given.push({ ...data, img_url: Buffer.from(host.cloud.read(fileOf(data.img_url))!).toString() });
      return { idcard_res: { userName: 'ann' }, itemList: [1] };
    });
    const img_url = host.mark({ type: 'filePath', filePath: 'wxfile://tmp_a.png' });
    const { result } = await outcome(host, { data: { img_url, dataType: 3, 'a.b': null } });
    expect(result.data).toEqual({ idcard_res: { userName: 'ann' }, itemList: [1] });
    expect(given).toEqual([{ img_url: 'PNG-A', dataType: 3, 'a.b': null }]);
    await until(() => host.cloud.files.length === 0);
    expect(server.documents('servicemarket_calls')).toHaveLength(1);
    expect(host.market.bills).toHaveLength(1);
  });

  describe.each(BILLINGS)('billing %s', (billing) => {
    test('the same id twice, and at once on two instances: one bill each', async () => {
      const host = open({ billing });
      await deployOnSdk(host, { count: 2 });
      const once = { data: { n: 1 }, clientMsgId: 'one' };
      const first = await outcome(host, once);
      expect((await outcome(host, once)).result).toEqual(first.result);
      const both = { data: { n: 2 }, clientMsgId: 'both' };
      const seen = [host.start(both), host.start(both), host.start(both)];
      expect((await Promise.all(seen.map(({ task }) => task))).map(({ data }: Any) => data)).toEqual(
        seen.map(() => ({ n: 2 })),
      );
      expect(host.market.bills).toHaveLength(2);
      const { error } = await outcome(host, { ...once, data: { n: 3 } });
      expect(error.message).toMatch(/client_msg_id was used for another service, api or data/);
      expect(host.market.bills).toHaveLength(2);
    });

    test('an instance that is killed after it sent: unknown to every repeat, and not sent again', async () => {
      const host = open({ billing });
      const { server, instances } = await deployOnSdk(host, { count: 2 });
      host.market.provide('wxSVC/API', () => new Promise(() => {}));
      const call = { data: 1, clientMsgId: 'one' };
      const seen = host.start(call);
      await until(() => host.market.messages.length === 1);
      await instances[0]!.kill();
      await expect(seen.task).rejects.toMatchObject({ billing: 'unknown' });
      for (const claim of server.documents('servicemarket_calls')) claim.at -= 125_001;
      const { error } = await outcome(host, call);
      expect(error).toMatchObject({ billing: 'unknown' });
      expect(host.market.messages).toHaveLength(1);
    });
  });

  test('the refusals of the service, of the settings and of the cloud itself', async () => {
    const host = open();
    await deployOnSdk(host);
    host.market.refuse = () => ({ errcode: 9301010, errmsg: 'no balance' });
    const refused = (await outcome(host)).error;
    expect(refused).toMatchObject({ errCode: 9301010 });
    expect(refused.message).toBe('invokeService:fail 9301010 no balance (requestId: undefined)');
    const { error } = await outcome(host, { api: 'OTHER' });
    expect(error).toMatchObject({ errCode: -7 });
    expect(error.message).toContain('is not listed in settings.json');
    expect(host.market.messages).toHaveLength(1);
  });

  test('without the permission nothing was sent: the answer says so, and the id is free again', async () => {
    const host = open();
    const { server } = await deployOnSdk(host, { permissions: [] });
    const { error } = await outcome(host);
    expect(error.message).toContain('nothing was sent or billed');
    expect(host.cloud.invocations.at(-1)!.result).toMatchObject({ errcode: -2, billing: 'none' });
    expect(server.documents('servicemarket_calls')).toEqual([]);
    expect(host.market.messages).toEqual([]);
  });

  test('open data comes to where the page had its CloudID', async () => {
    const host = open({ cloud: { openData: { C1: { phoneNumber: '1' } } } });
    await deployOnSdk(host);
    const user = host.run('return wx.cloud.CloudID("C1")');
    const { result } = await outcome(host, { data: { user, list: [{ cloudID: 'C2' }] } });
    expect(result.data).toEqual({
      user: { cloudID: 'C1', data: { phoneNumber: '1' } },
      list: [{ cloudID: 'C2' }],
    });
  });

  test('a long task without a secret is refused and says what to do; nothing is sent', async () => {
    const host = open();
    await deployOnSdk(host);
    const { error } = await outcome(host, { async: true });
    expect(error.message).toMatch(/long tasks need WX_APPID and WX_SECRET/);
    expect(host.market.messages).toEqual([]);
  });

  test('a long task by HTTPS; its file is removed when its result is there', async () => {
    const platform = await createPlatformServer(ACCOUNT);
    cleanUpAfterTest(() => platform.close());
    let finish = (): void => {};
    platform.market.provide('wxSVC/API', () => new Promise((resolve) => (finish = () => resolve('done'))));
    const host = open();
    const { appid: WX_APPID, secret: WX_SECRET } = ACCOUNT;
    await deployOnSdk(host, { env: { WX_APPID, WX_SECRET, WX_API_URL: platform.origin } });
    const { result } = await outcome(host, { async: true, data: { img: host.mark('bytes') } });
    const ask = async (): Promise<Any> =>
      (await outcome(host, { requestId: result.requestId }, 'getAsyncResult')).result;
    expect(await ask()).toMatchObject({ status: 1 });
    expect(host.cloud.files).toHaveLength(1);
    finish();
    await new Promise(setImmediate);
    expect(await ask()).toMatchObject({ status: 0, data: 'done' });
    expect(host.cloud.files).toEqual([]);
    expect(platform.market.bills).toHaveLength(1);
    expect(host.market.messages).toEqual([]);
  });

  test('the timer removes what is older than a day, and the files of tasks that nobody asked for', async () => {
    const platform = await createPlatformServer(ACCOUNT);
    cleanUpAfterTest(() => platform.close());
    const host = open();
    const { appid: WX_APPID, secret: WX_SECRET } = ACCOUNT;
    const { server, tick } = await deployOnSdk(host, {
      env: { WX_APPID, WX_SECRET, WX_API_URL: platform.origin },
    });
    await outcome(host, { async: true, data: { img: host.mark('bytes') } });
    await outcome(host, { data: 1 });
    expect(await tick()).toEqual({ removed: 0 });
    expect(host.cloud.files).toHaveLength(1);
    await outcome(host, { data: 'today' });
    // The task, a note of whose file it has, and the call before the one of today.
    const old = server.documents('servicemarket_calls').slice(0, 3);
    for (const each of [...old, ...server.documents('servicemarket_limits')]) each.at -= DAY;
    expect(await tick()).toEqual({ removed: 3 });
    expect(host.cloud.files).toEqual([]);
    expect(server.documents('servicemarket_calls')).toHaveLength(1);
    expect(server.documents('servicemarket_limits')).toEqual([]);
  });
});

const fileOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));
