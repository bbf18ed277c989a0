/** Taps on a page's own WXML. */
import { openProject, project } from './support';

/** A page that keeps the events that its handlers get. */
const RECORDER = `const seen = [];
Page({
  data: { list: [{ id: 1, n: 'one' }, { id: 2, n: 'two' }], shown: true, off: true, name: '', asked: null, pick: 'dynamic' },
  outer(e) { seen.push(['outer', e.target.id, e.currentTarget.dataset]); this.setData({ seen }); },
  inner(e) { seen.push(['inner', e.currentTarget.id, e.currentTarget.dataset, e.mark]); this.setData({ seen }); },
  dynamic() { this.setData({ seen: 'dynamic' }); },
  typed(e) { this.setData({ name: e.detail.value }); },
  send(e) { this.setData({ asked: e.detail.value }); },
  closed(e) { this.setData({ seen: e.detail }); },
  hide() { this.setData({ shown: false }); },
  slow() { setTimeout(() => this.setData({ seen: 'later' }), 30000); },
})`;

const open = (wxml: string, files: Record<string, string> = {}) =>
  openProject(project(RECORDER, wxml, files)).open('pages/a/a');

test('a tap goes up from the element, with the dataset of each', async () => {
  const page = await open(
    `<view id="o" data-foo-bar="{{1}}" data-fooBaz="x" bindtap="outer" mark:row="9">
       <view wx:for="{{list}}" wx:key="id" id="i{{item.id}}" data-item="{{item}}" bind:tap="inner">{{item.n}}</view>
     </view>`,
  );
  await page.tap('#i2');
  expect(page.data.seen).toStrictEqual([
    ['inner', 'i2', { item: { id: 2, n: 'two' } }, { row: '9' }],
    ['outer', 'i2', { fooBar: 1, foobaz: 'x' }],
  ]);
  expect(page.findAll('#o view').map(({ text }) => text)).toEqual([]);
  expect(page.find('#i1').text).toBe('one');
});

test('catchtap stops it', async () => {
  const page = await open('<view bindtap="outer"><view id="i" catchtap="inner"/></view>');
  await page.tap('#i');
  expect(page.data.seen).toStrictEqual([['inner', 'i', {}, {}]]);
});

test('a disabled button does nothing, and does it again once it is not', async () => {
  const page = await open(
    '<view bindtap="outer"><button id="b" disabled="{{off}}" bindtap="inner">go</button></view>',
  );
  await page.tap('#b');
  expect(page.data.seen).toBeUndefined();
  page.setData({ off: false });
  await page.tap('#b');
  expect(page.data.seen).toHaveLength(2);
});

test('wx:if, wx:else, templates, imports, includes and wxs are followed', async () => {
  const page = await open(
    `<import src="../../t/t.wxml"/><wxs module="m" src="../../t/m.wxs"/>
     <view wx:if="{{shown}}" id="yes" bindtap="hide">{{m.loud(list[0].n)}}</view><view wx:else id="no" bindtap="dynamic"/>
     <template is="part" data="{{list}}"/><include src="/t/i.wxml"/>`,
    {
      't/t.wxml': '<template name="part"><text class="part">{{list.length}}</text></template>',
      't/m.wxs': 'module.exports = { loud: function (s) { return s.toUpperCase(); } };',
      't/i.wxml': '<view class="included" bindtap="{{pick}}"/>',
    },
  );
  expect([page.find('#yes').text, page.find('.part').text]).toEqual(['ONE', '2']);
  await page.tap('#yes');
  expect([page.findAll('#yes'), page.findAll('#no').length]).toEqual([[], 1]);
  await page.tap('.included');
  expect(page.data.seen).toBe('dynamic');
});

test('only what setData brought is shown', async () => {
  const page = await open('<text id="n">{{name}}</text>');
  page.instance.data.name = 'assigned';
  expect(page.find('#n').text).toBe('');
  page.setData({ name: 'set' });
  expect(page.find('#n').text).toBe('set');
});

test('what is typed reaches handlers, two-way bindings and forms', async () => {
  const page = await open(
    `<form bindsubmit="send"><input id="a" name="a" bindinput="typed"/><input id="b" name="b" value="old"/>
     <button id="ok" form-type="submit"/></form><input id="m" model:value="{{pick}}"/>`,
  );
  await page.input('#a', 'new');
  await page.input('#m', 'bound');
  await page.tap('#ok');
  expect(page.data).toMatchObject({ name: 'new', pick: 'bound', asked: { a: 'new', b: 'old' } });
});

test('custom components stand as plain elements, whose events a test triggers', async () => {
  const page = await open(
    '<van-dialog id="d" bind:close="closed"><view id="in" bindtap="dynamic"/></van-dialog>',
  );
  await page.trigger('#d', 'close', { by: 'x' });
  expect(page.data.seen).toStrictEqual({ by: 'x' });
  await page.tap('#in');
  expect(page.data.seen).toBe('dynamic');
});

test('a tap waits for timers that it starts', async () => {
  const page = await open('<view id="s" bindtap="slow"/>');
  await page.tap('#s');
  expect(page.data.seen).toBe('later');
});

describe('what cannot be tapped', () => {
  test('is said with what is shown, and the handler to call', async () => {
    const page = await open(
      '<view class="top" bindtap="outer"><view wx:if="{{!shown}}" id="x" bindtap="inner"/></view>',
    );
    await expect(page.tap('#x')).rejects.toThrow(
      'Failed to tap #x: pages/a/a shows no such element. Shown are .top. Or call what it calls: await page.inner(…).',
    );
    expect(() => page.find('#y')).toThrow(
      'Failed to find #y: pages/a/a shows no such element. Shown are .top.',
    );
  });

  test('where nothing listens', async () => {
    const page = await open('<view id="x"/>');
    await expect(page.tap('#x')).rejects.toThrow('Failed to tap #x: nothing there listens to it.');
  });

  test('where the page lacks the handler', async () => {
    const page = await open('<view id="x" bindtap="gone"/>');
    await expect(page.tap('#x')).rejects.toThrow('pages/a/a has no method "gone" for its template.');
  });

  test('where the WXML has a mistake', async () => {
    const page = await open('<view>\n  <view wx:if="{{a"/>\n</view>');
    await expect(page.tap('#x')).rejects.toThrow('Failed to read pages/a/a.wxml:2:');
  });
});
