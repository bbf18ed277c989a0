/** Pages of a project as a test has them: opened, called, and their errors seen. */
import { answer, OCR, openProject, project, SERVICE } from './support';

test('a tap chooses a photo, calls the service and shows its answer', async () => {
  const host = openProject(
    project(OCR, '<button id="choose" bindtap="choose"/><text class="t">{{text}}</text>'),
  );
  host.provide(SERVICE, answer);
  const page = await host.open('pages/a/a');
  await page.tap('#choose');
  expect(page.data).toStrictEqual({ text: 'hi', lines: ['hi'], photo: expect.stringMatching(/^wxfile:/) });
  expect(page.find('.t').text).toBe('hi');
  expect(host.calls).toMatchObject([{ service: SERVICE, api: 'OcrAllInOne', data: { data_type: 3 } }]);
  expect(host.uploads).toHaveLength(1);
  expect(host.bills).toHaveLength(1);
});

test('a promise of a page is awaited as it stands', async () => {
  const host = openProject(project(OCR), { files: { 'wxfile://a.png': 'PNG' } });
  host.provide(SERVICE, answer);
  const page = await host.open('pages/a/a');
  expect(await page.readPhoto('wxfile://a.png')).toStrictEqual({ lines: ['hi'] });
  await expect(page.readPhoto('wxfile://none.png')).rejects.toThrow('invokeService:fail');
});

test('a service that nothing provides is refused, and the page gets to know', async () => {
  const host = openProject(project(OCR), { files: { 'wxfile://a.png': 'PNG' } });
  const page = await host.open('pages/a/a');
  await expect(page.readPhoto('wxfile://a.png')).rejects.toThrow(
    `unknown service ${SERVICE}/OcrAllInOne: nothing provides it`,
  );
  expect(host.bills).toEqual([]);
});

test('a user who chooses no photo cancels', async () => {
  const host = openProject(project(OCR, '<view id="choose" bindtap="choose"/>'));
  const page = await host.open('pages/a/a');
  host.choosePhotos();
  await page.tap('#choose');
  expect(host.nativeCalls).toMatchObject([
    { api: 'chooseImage', reply: { errMsg: 'chooseImage:fail cancel' } },
  ]);
});

describe('errors of page code', () => {
  test.each([
    ['thrown by onLoad', "onLoad() { throw new Error('bad'); }"],
    ['that reject an async onLoad', "async onLoad() { throw new Error('bad'); }"],
    ['thrown by a timer', "onLoad() { setTimeout(() => { throw new Error('bad'); }, 100); }"],
    ['thrown by a callback', "onShow() { wx.getNetworkType({ success() { throw new Error('bad'); } }); }"],
  ])('%s fail the opening', async (_where, code) => {
    await expect(openProject(project(`Page({ ${code} })`)).open('pages/a/a')).rejects.toThrow('bad');
  });

  test('fail a tap, with the line of the source', async () => {
    const host = openProject(
      project("Page({\n  go() {\n    throw new Error('bad');\n  },\n})", '<view id="go" bindtap="go"/>'),
    );
    const page = await host.open('pages/a/a');
    const error = (await page.tap('#go').catch((reason: unknown) => reason)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toMatch(/pages\/a\/a\.js:3:11/);
  });

  test('of a function that the test calls are thrown as the test’s own', async () => {
    const host = openProject(project('Page({ f() { return this.data.no.such; } })'));
    const page = await host.open('pages/a/a');
    expect(() => page.f()).toThrow("Cannot read properties of undefined (reading 'such')");
  });
});

describe('what the simulator does not have', () => {
  test('is said with the name of the member, and what to do', async () => {
    const host = openProject(project('Page({ onLoad() { wx.getLocation({}); } })'));
    await expect(host.open('pages/a/a')).rejects.toThrow(
      'Failed to call wx.getLocation: the simulator does not have it. Give it what your page needs: createHost({ wx: { getLocation: … } }).',
    );
  });

  test('can be brought by the test', async () => {
    const page =
      'Page({ data: {}, onLoad() { wx.getLocation({ success: (at) => this.setData({ at }) }); } })';
    const wx = { getLocation: ({ success }: { success(at: object): void }) => success({ latitude: 1 }) };
    const { data } = await openProject(project(page), { wx }).open('pages/a/a');
    expect(data).toStrictEqual({ at: { latitude: 1 } });
  });

  test('is absent where the base library has not got it either', () => {
    const has = (sdkVersion: string): unknown =>
      openProject(project('Page({})'), { sdkVersion }).run(
        'return [typeof wx.getUpdateManager, wx.canIUse("getUpdateManager")]',
      );
    expect(has('2.2.3')).toEqual(['function', true]);
    expect(has('1.6.0')).toEqual(['undefined', false]);
  });

  test('of a page is said as well', async () => {
    const host = openProject(project("Page({ onReady() { this.selectComponent('#x'); } })"));
    await expect(host.open('pages/a/a')).rejects.toThrow(
      'Failed to call this.selectComponent: pages of the simulator do not have it.',
    );
  });
});

describe('pages written as components', () => {
  const PAGE = `const counting = Behavior({ data: { n: 0 }, methods: { more() { this.setData({ n: this.data.n + 1 }); } } });
    const log = [];
    Component({
      behaviors: [counting],
      properties: { id: Number, name: { type: String, value: 'none' } },
      data: { twice: 0, log },
      observers: { n(n) { this.setData({ twice: n * 2 }); } },
      lifetimes: { created() { log.push('created'); }, attached() { log.push('attached'); }, ready() { log.push('ready'); } },
      pageLifetimes: { show() { log.push('show'); } },
      methods: {
        onLoad(query) { log.push('onLoad ' + query.id); },
        onShow() { log.push('onShow'); },
        done() { this.setData({ log }); },
      },
    });`;

  test('have their stages, properties, behaviors and observers', async () => {
    const page = await openProject(project(PAGE)).open('pages/a/a', { id: '7' });
    page.more();
    page.done();
    expect(page.data).toStrictEqual({
      id: 7,
      name: 'none',
      n: 1,
      twice: 2,
      log: ['created', 'attached', 'onLoad 7', 'show', 'onShow', 'ready'],
    });
  });

  test('say what of them is missing here', async () => {
    const host = openProject(project("Component({ relations: { './b': {} } })"));
    await expect(host.open('pages/a/a')).rejects.toThrow(
      "Failed to define pages/a/a: the simulator has no 'relations' of components. Test this page in the developer tools.",
    );
  });
});

describe('moving between pages', () => {
  const files = {
    'app.json':
      '{ "pages": ["pages/a/a", "pages/b/b", "pages/t/t"], "tabBar": { "list": [{ "pagePath": "pages/t/t" }] } }',
    'pages/b/b.js': `Page({
      data: {},
      onLoad(query) {
        this.setData({ query });
        const channel = this.getOpenerEventChannel();
        channel.on('hello', (text) => this.setData({ text }));
        channel.emit('ready', 1);
      },
    })`,
    'pages/b/b.wxml': '<navigator id="back" open-type="navigateBack">back</navigator>',
    'pages/t/t.js': 'Page({ onTabItemTap() {} })',
  };
  const FIRST = `Page({
    data: { shown: 0 },
    onShow() { this.setData({ shown: this.data.shown + 1 }); },
    go() {
      wx.navigateTo({
        url: '../b/b?id=1&name=a%20b',
        events: { ready: (ready) => this.setData({ ready }) },
        success: (res) => res.eventChannel.emit('hello', 'you'),
      });
    },
    tab() { return new Promise((resolve) => wx.navigateTo({ url: '/pages/t/t', fail: resolve })); },
  })`;
  const wxml = '<view id="go" bindtap="go"/>';

  test('opens, talks and comes back', async () => {
    const host = openProject(project(FIRST, wxml, files));
    const first = await host.open('pages/a/a');
    await first.tap('#go');
    expect(host.page.path).toBe('pages/b/b');
    expect(host.page.data).toStrictEqual({ query: { id: '1', name: 'a%20b' }, text: 'you' });
    await host.page.tap('#back');
    expect(host.page).toBe(first);
    expect(first.data).toStrictEqual({ shown: 2, ready: 1 });
  });

  test('refuses what the platform refuses', async () => {
    const page = await openProject(project(FIRST, wxml, files)).open('pages/a/a');
    expect((await page.tab()).errMsg).toBe('navigateTo:fail can not navigateTo a tabbar page');
  });
});
