import fs from 'node:fs';
import path from 'node:path';

import type { Host, Any } from '../../src/simulator';
import { temporaryFolder } from '../support/files';
import { openHost } from '../support/hosts';

/** Files, photos, storage, login, and what a host notices about page code. */

/** Runs page code that calls `done(value)`. */
const ask = (made: Host, code: string, args?: Record<string, unknown>): Promise<Any> =>
  made.clock.until(made.run(`return new Promise(function (done) { ${code} })`, args) as Promise<unknown>);

describe('the file system', () => {
  test('writes, reads and removes under USER_DATA_PATH', async () => {
    const made = openHost();
    const code = `
      var fs = wx.getFileSystemManager(), file = wx.env.USER_DATA_PATH + '/a.txt';
      fs.writeFileSync(file, 'äb', 'utf8');
      fs.readFile({ filePath: file, success: function (r) {
        done([fs.readFileSync(file, 'utf8'), r.data instanceof ArrayBuffer, r.data.byteLength, fs.readFileSync(file, 'base64'), fs.statSync(file).size])
      } })`;
    expect(await ask(made, code)).toEqual(['äb', true, 3, 'w6Ri', 3]);
    expect(made.tempFiles()).toEqual(['wxfile://usr/a.txt']);
    await ask(made, "wx.getFileSystemManager().unlink({ filePath: 'wxfile://usr/a.txt', complete: done })");
    expect(made.tempFiles()).toEqual([]);
  });

  test.each([
    ["writeFileSync('wxfile://tmp_x', '')", 'writeFileSync:fail permission denied, open "wxfile://tmp_x"'],
    [
      "writeFileSync('wxfile://usr/d/x', '')",
      'writeFileSync:fail no such file or directory, open "wxfile://usr/d/x"',
    ],
    [
      "writeFileSync('wxfile://usr/x', {})",
      'writeFileSync:fail parameter error: parameter.data should be String|ArrayBuffer;',
    ],
    ["readFileSync('wxfile://usr/x')", 'readFileSync:fail no such file or directory, open "wxfile://usr/x"'],
    ["unlinkSync('wxfile://usr/x')", 'unlinkSync:fail no such file or directory, unlink "wxfile://usr/x"'],
  ])('%s throws', (code, message) => {
    expect(() => openHost().run(`wx.getFileSystemManager().${code}`)).toThrow(message);
  });

  test('what does not fit into the quota is refused', () => {
    const fill =
      "wx.getFileSystemManager().writeFileSync('wxfile://usr/big', new ArrayBuffer(11 * 1024 * 1024))";
    expect(() => openHost().run(fill)).toThrow('the maximum size of the file storage limit is exceeded');
    expect(() => openHost({ sdkVersion: '2.30.3' }).run(fill)).not.toThrow();
  });

  test('a fault reaches Sync members too', () => {
    const made = openHost();
    made.fault({ api: 'writeFileSync', effect: { fail: { errMsg: 'disk full' } } });
    expect(() => made.run("wx.getFileSystemManager().writeFileSync('wxfile://usr/x', '')")).toThrow(
      'writeFileSync:fail disk full',
    );
  });
});

describe('photos', () => {
  test.each([
    ['a file on disk', () => path.join(temporaryFolder({ 'cat.png': 'PNG' }), 'cat.png')],
    ['bytes', () => new TextEncoder().encode('PNG')],
  ])('%s appears as a temporary file that can be read', async (_name, photo) => {
    const made = openHost({ photos: [photo()], sdkVersion: '2.10.0' });
    const image = await ask(made, 'wx.chooseImage({ count: 1, success: done })');
    expect(image).toEqual({
      errMsg: 'chooseImage:ok',
      tempFilePaths: [expect.stringMatching(/^wxfile:\/\/tmp_\w+\.png$/)],
      tempFiles: [{ path: image.tempFilePaths[0], size: 3 }],
    });
    const media = await ask(made, 'wx.chooseMedia({ success: done })');
    expect(media.tempFiles).toMatchObject([{ size: 3, fileType: 'image' }]);
    expect(made.tempFiles()).toEqual([]);
  });

  test('none: the user cancels', async () => {
    expect(await ask(openHost({ photos: [] }), 'wx.chooseImage({ fail: done })')).toEqual({
      errMsg: 'chooseImage:fail cancel',
    });
  });
});

describe('the rest of wx', () => {
  test('storage keeps copies', async () => {
    const code = `var v = { a: [1] }; wx.setStorageSync('k', v); v.a.push(2);
      wx.getStorage({ key: 'k', success: function (r) { wx.removeStorageSync('k'); done([r.data, wx.getStorageSync('k')]) } })`;
    expect(await ask(openHost(), code)).toEqual([{ a: [1] }, '']);
  });

  test('a session exists after the first login, whose codes differ', async () => {
    const made = openHost();
    expect(await ask(made, 'wx.checkSession({ complete: done })')).toEqual({
      errMsg: 'checkSession:fail session time out',
    });
    const first = await ask(made, 'wx.login({ success: done })');
    expect(await ask(made, 'wx.login({ success: done })')).not.toEqual(first);
    expect(await ask(made, 'wx.checkSession({ complete: done })')).toEqual({ errMsg: 'checkSession:ok' });
  });

  test('members give promises from 2.11.0 on, and nothing before', async () => {
    expect(openHost({ sdkVersion: '2.8.3' }).run('return wx.login()')).toBeUndefined();
    const made = openHost({ sdkVersion: '2.11.0' });
    expect(await made.clock.until(made.run('return wx.login()') as Promise<unknown>)).toHaveProperty('code');
    expect(made.run('return wx.login({ complete: function () {} })')).toBeUndefined();
  });

  test('console lines are kept', () => {
    const made = openHost();
    made.run("console.warn('a', { b: 1 })");
    expect(made.logs).toEqual([{ level: 'warn', text: 'a {"b":1}' }]);
  });
});

test('unhandled rejections of the realm are seen, others are not', async () => {
  const real = (fs.readFileSync.constructor as FunctionConstructor)('return process')() as NodeJS.Process;
  const others = real.listeners('unhandledRejection');
  real.removeAllListeners('unhandledRejection');
  try {
    const made = openHost();
    made.run("Promise.reject(new Error('lost')); Promise.reject(1).catch(function () {})");
    await made.clock.advance(10);
    expect(made.unhandled).toMatchObject([{ message: 'lost' }]);
  } finally {
    real.removeAllListeners('unhandledRejection');
    for (const listener of others) real.on('unhandledRejection', listener);
  }
});
