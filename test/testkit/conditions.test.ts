/** What a test does to the phone and its network. */
import { answer, OCR, openProject, project, SERVICE } from './support';

describe('the network', () => {
  const FAILING = `Page({
    data: { error: '', billing: '', type: '' },
    call() {
      return wx.serviceMarket.invokeService({ service: '${SERVICE}', api: 'A', data: { x: 1 } })
        .catch((err) => this.setData({ error: err.message, billing: err.billing }));
    },
    async look() { this.setData({ type: (await wx.getNetworkType()).networkType }); },
  });`;
  const wanted = { 'app.json': '{ "pages": ["pages/a/a"], "servicemarket": true }' };

  test('is gone between offline and online', async () => {
    const host = openProject(project(FAILING, '', wanted), { sdkVersion: '2.8.3' });
    host.provide(SERVICE, { A: () => 1 });
    const page = await host.open('pages/a/a');
    host.offline();
    await page.call();
    expect(page.data.error).toMatch(/net::ERR_INTERNET_DISCONNECTED/);
    expect(host.calls).toEqual([]);
    host.online();
    await page.call();
    expect(host.bills).toHaveLength(1);
  });

  test('is as slow as a test says', async () => {
    const host = openProject(project(OCR), { files: { 'wxfile://a.png': new Uint8Array(5000) } });
    host.provide(SERVICE, answer);
    const page = await host.open('pages/a/a');
    host.slow(100);
    const before = host.clock.now();
    await page.readPhoto('wxfile://a.png');
    expect(host.clock.now() - before).toBeGreaterThan(50_000);
  });

  test('a denied bridge is told as the client tells it', async () => {
    const host = openProject(project(FAILING, '', wanted), { sdkVersion: '2.8.3' });
    host.provide(SERVICE, { A: () => 1 });
    const page = await host.open('pages/a/a');
    host.deny('bridge');
    await page.call();
    expect(page.data.error).toMatch(/permission denied/);
    expect(host.calls).toEqual([]);
  });

  test('what was denied can be allowed', async () => {
    const folder = project(FAILING, '', wanted);
    const host = openProject(folder, { sdkVersion: '2.8.3', bridge: 'denied' });
    host.provide(SERVICE, { A: () => 1 });
    host.allow('bridge');
    await (await host.open('pages/a/a')).call();
    expect(host.calls).toMatchObject([{ channel: 'bridge', data: { x: 1 } }]);
  });
});
