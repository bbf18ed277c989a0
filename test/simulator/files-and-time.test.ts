import type { Any, Host } from '../../src/simulator';
import { openHost } from '../support/hosts';

/** The whole file system, storage in callbacks, what is only shown, and the real clock. */

/** Calls an asynchronous member; gives its result or its errMsg. */
function ask(made: Host, member: string, args: object): Promise<Any> {
  const code = `return new Promise(function (done) {
    args.success = done;
    args.fail = function (e) { done(e.errMsg) };
    ${member}(args);
  })`;
  return made.clock.until(made.run(code, { args }) as Promise<Any>);
}

describe('file system', () => {
  const FS = 'wx.getFileSystemManager()';

  test('folders, copies, renames and appends', () => {
    const made = openHost();
    const code = `
      var fs = ${FS}, home = wx.env.USER_DATA_PATH;
      fs.mkdirSync(home + '/d');
      fs.writeFileSync(home + '/d/a', 'A');
      fs.appendFileSync(home + '/d/a', 'B');
      fs.copyFileSync(home + '/d/a', home + '/d/b');
      fs.renameSync(home + '/d/b', home + '/c');
      var seen = [fs.readdirSync(home + '/d'), fs.readFileSync(home + '/c', 'utf8')];
      fs.accessSync(home + '/d');
      try { fs.rmdirSync(home + '/d') } catch (e) { seen.push(e.message) }
      try { fs.mkdirSync(home + '/d') } catch (e) { seen.push(e.message) }
      fs.rmdirSync(home + '/d', true);
      try { fs.accessSync(home + '/d') } catch (e) { seen.push(e.message) }
      return seen`;
    expect(made.run(code)).toEqual([
      ['a'],
      'AB',
      'rmdirSync:fail directory not empty',
      'mkdirSync:fail file already exists wxfile://usr/d',
      'accessSync:fail no such file or directory wxfile://usr/d',
    ]);
    expect(made.tempFiles()).toEqual(['wxfile://usr/c']);
  });

  test.each([
    ['utf-8', 'é'],
    ['base64', 'w6k='],
    ['hex', 'c3a9'],
    ['binary', 'Ã©'],
  ])('text as %s', (encoding, text) => {
    const code = `
      var fs = ${FS}, file = wx.env.USER_DATA_PATH + '/a';
      fs.writeFileSync(file, text, encoding);
      return [fs.readFileSync(file, encoding), fs.readFileSync(file, 'utf8')]`;
    expect(openHost().run(code, { encoding, text })).toEqual([text, 'é']);
  });

  test('an unknown encoding and a path that is no string are refused', async () => {
    const write = `${FS}.writeFile`;
    expect(await ask(openHost(), write, { filePath: 'wxfile://usr/a', data: '', encoding: 'klingon' })).toBe(
      'writeFile:fail invalid encoding "klingon"',
    );
    expect(await ask(openHost(), write, { data: '' })).toContain('parameter.filePath should be String');
    expect(await ask(openHost(), `${FS}.readFile`, { filePath: 'no', encoding: 'x' })).toBe(
      'readFile:fail invalid encoding "x"',
    );
    expect(await ask(openHost(), `${FS}.readFile`, { filePath: 'no' })).toContain('no such file');
  });

  test('a temporary file is saved, and its size is told', async () => {
    const made = openHost({ sdkVersion: '1.6.0', files: { 'wxfile://tmp_a': 'four' } });
    expect(await ask(made, 'wx.getFileInfo', { filePath: 'wxfile://tmp_a' })).toMatchObject({ size: 4 });
    const { savedFilePath } = await ask(made, 'wx.saveFile', { tempFilePath: 'wxfile://tmp_a' });
    expect(made.tempFiles()).toEqual([savedFilePath]);
  });
});

test('storage in callbacks', async () => {
  const made = openHost();
  expect(await ask(made, 'wx.getStorage', { key: 'k' })).toBe('getStorage:fail data not found');
  await ask(made, 'wx.setStorage', { key: 'k', data: [1] });
  expect(await ask(made, 'wx.getStorage', { key: 'k' })).toMatchObject({ data: [1] });
  await ask(made, 'wx.removeStorage', { key: 'k' });
  made.run("wx.setStorageSync('k', 1); wx.clearStorageSync()");
  expect(made.run("return wx.getStorageSync('k')")).toBe('');
});

test('what is shown is recorded, and questions are confirmed', async () => {
  const made = openHost({ sdkVersion: '2.10.0', files: { 'wxfile://tmp_a.png': 'A' } });
  await ask(made, 'wx.showToast', { title: 'T' });
  expect(await ask(made, 'wx.showModal', {})).toMatchObject({ confirm: true });
  expect(await ask(made, 'wx.showActionSheet', { itemList: ['a'] })).toMatchObject({ tapIndex: 0 });
  expect(made.nativeCalls[0]).toMatchObject({ api: 'showToast', params: { title: 'T' } });
  const { tempFilePath } = await ask(made, 'wx.compressImage', { src: 'wxfile://tmp_a.png' });
  expect(tempFilePath).toMatch(/^wxfile:\/\/tmp_\w+\.png$/);
  expect(await ask(made, 'wx.getSystemInfo', {})).toMatchObject({
    SDKVersion: '2.10.0',
    platform: 'android',
  });
});

test('a date is a whole number of ms, also after a timer that is not', async () => {
  const host = openHost();
  host.run(
    'setTimeout(function () { wx.dates = [Date.now(), new Date().getTime(), +new Date(Date.now())] }, 10.7)',
  );
  const began = host.clock.now();
  await host.clock.run();
  expect(host.clock.now() - began).toBeCloseTo(10.7);
  expect([...host.wx.dates]).toEqual([began + 10, began + 10, began + 10]);
});

test('nextTick, cleared timers and arguments of timers', async () => {
  const made = openHost();
  const seen = made.run(`var s = [];
    clearTimeout(setTimeout(function () { s.push('never') }));
    var i = setInterval(function (x) { s.push(x); clearInterval(i) }, 5, 'once');
    wx.nextTick(function () { s.push('tick') });
    return s`);
  await made.clock.run();
  expect(seen).toEqual(['tick', 'once']);
});

describe('the real clock', () => {
  const real = (): Host => openHost({ clock: 'real' });

  test('waits for promises, and says when one does not settle', async () => {
    const made = real();
    expect(
      await made.clock.until(
        made.run('return new Promise(function (d) { setTimeout(d, 5, 1) })') as Promise<number>,
      ),
    ).toBe(1);
    await expect(made.clock.until(new Promise(() => {}), 20)).rejects.toThrow(
      'it is pending and 20 ms have passed',
    );
  });

  test('timers of page code sleep in the background', async () => {
    const made = real();
    const seen = made.run("var s = []; setTimeout(function () { s.push('due') }, 1); return s") as string[];
    made.background();
    await made.clock.advance(30);
    expect(seen).toEqual([]);
    expect(made.clock.pending()).toMatchObject([{ what: 'setTimeout', user: true }]);
    made.foreground();
    await made.clock.run(1000);
    expect(seen).toEqual(['due']);
  });
});
