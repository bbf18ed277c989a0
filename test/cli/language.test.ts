import { join } from 'node:path';
import { useLanguage, languageOf } from '../../src/texts';
import { COMMAND } from '../../src/texts/command';
import { ERRORS } from '../../src/texts/errors';
import { JSON_FAULTS } from '../../src/texts/json';
import { OWNERS } from '../../src/texts/owners';
import { RELAY } from '../../src/texts/relay';
import { REPORTS } from '../../src/texts/reports';
import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { command } from '../support/command';
import { cleanUpAfterTest } from '../support/cleanup';

beforeEach(() => cleanUpAfterTest(() => useLanguage('en')));

const CHINESE = /[\u4e00-\u9fff]/;
const PARTS = { COMMAND, JSON_FAULTS, OWNERS, RELAY, REPORTS };

describe('the table of texts', () => {
  test.each(Object.values(PARTS).flatMap((part) => Object.entries(part)))(
    'says %s in both languages with the same values',
    (_key, { en, zh }) => {
      const names = (template: string) => template.match(/\{\{\w+\}\}/g)?.sort() ?? [];
      // Words of the developer tools are quoted as they stand there.
      expect(en.replace(/"[^"a-z]+"/g, '')).not.toMatch(CHINESE);
      expect(names(en)).toEqual(expect.arrayContaining(names(zh)));
      const columns = (template: string) => template.split('|').length;
      expect(columns(zh)).toBe(columns(en));
    },
  );

  test.each(Object.entries(ERRORS))('says the error %s in both languages', (_key, { en, zh }) => {
    const names = (parts: readonly string[]) =>
      parts
        .join()
        .match(/\{\{\w+\}\}/g)
        ?.sort() ?? [];
    expect(names(zh)).toEqual(names(en));
    expect(zh.filter((part) => !CHINESE.test(part) && !part.startsWith('{{'))).toEqual([]);
    expect(en.join()).not.toMatch(CHINESE);
  });

  test('has no key twice', () => {
    const keys = Object.values(PARTS).flatMap((part) => Object.keys(part));
    expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
  });
});

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, 'en-US', 'zh'],
  [{ LANG: 'en_US.UTF-8' }, 'zh-CN', 'en'],
  [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'zh-CN', 'en'],
  [{}, 'zh-Hans-CN', 'zh'],
  [{}, 'de-DE', 'en'],
])('the locale chooses the language: %j, %s', (env, fallback, language) => {
  expect(languageOf(env, fallback)).toBe(language);
});

describe('--lang zh', () => {
  const project = { 'app.json': '{"servicemarket":true}', 'app.js': '' };

  test.each([
    [[]],
    [['inject']],
    [['init']],
    [['init', 'cloud-function']],
    [['doctor']],
    [['relay']],
    [['relay', 'outcomes']],
    [['relay', 'usage']],
    [['relay', 'deny']],
    [['relay', 'allow']],
  ])('gives the help of %j, without an English line', async (path) => {
    const { out, code } = await command('--lang', 'zh', ...path, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^用法：/);
    const lines = out.split('\n').filter((line) => /[a-z]{3,}/.test(line));
    expect(lines.filter((line) => !CHINESE.test(line) && !/^\s+(?:-|[a-z-]+$)/.test(line))).toEqual([]);
  });

  test('reports what was done and found', async () => {
    const root = temporaryFolder(project);
    expect(await command('inject', root, '--check', '--lang=zh')).toEqual({
      code: 1,
      out: 'missing: 尚未注入垫片\n  missing  servicemarket-compat.js\n  without it  app.js',
      err: `请运行：npx miniprogram-servicemarket inject ${root}`,
    });
    expect((await command('inject', root, '--lang=zh')).out).toMatch(/^injected: 垫片已就位\n/);
    const { out } = await command('doctor', root, '--lang=zh');
    expect(out).toContain('有 wx.operateWXData，取决于客户端是否允许');
    expect(out).toMatch(/^发现\n类型 +清单/);
    writeFiles(root, { 'servicemarket.config.json': '{"channels":["bridge"],"plugins":{"a":"all"}}' });
    const { findings } = JSON.parse((await command('doctor', root, '--json', '--lang=zh')).out);
    expect(findings.length).toBeGreaterThan(1);
    for (const { text } of findings) expect(text).toMatch(/[。]$/);
  });

  test('reports errors of the project and of the usage, and leaves JSON keys as they are', async () => {
    const root = temporaryFolder({ 'app.json': '{"servicemarket":true}', 'app.js': '#!node' });
    expect((await command('inject', root, '--lang', 'zh')).err).toBe(
      '注入失败：app.js:1：文件只有一行没有换行的 hashbang。请在行尾换行。',
    );
    expect(readFiles(root)['app.js']).toBe('#!node');
    const unknown = await command('--lang', 'zh', 'inject', '--nonsense');
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining("错误：未知选项 '--nonsense'") });
    const conflict = await command('--lang', 'zh', 'inject', '--check', '--remove');
    expect(conflict.err).toContain('不能与');
    expect((await command('--lang', 'fr', 'inject')).code).toBe(2);
  });

  test.each([
    ['{', '1:2 失败：JSON 此处应为右花括号。请修正。'],
    ['[]', '1:1 失败：应为对象，实际是 array。请修正。'],
    ['{}', '"users" 不允许任何人登录。请写 "wx": true 或 "jwt"'],
    ['{"users":{"wx":true},"secret":1}', '未知的键 secret；允许：$schema, publicUrl,'],
    ['{"users":{"wx":true},"port":"80"}', 'port 的值是 "80"；允许：0 到 65535 的整数。请修正。'],
    ['{"users":{"wx":true},"services":{"a":1}}', 'services.a 的值是 1；允许：字符串数组。请修正。'],
    ['{"users":{"wx":true},"trustProxy":1}', '允许：布尔值 或 非空字符串 或 字符串数组。'],
    ['{"users":{"wx":false}}', '"users" 不允许任何人登录。请写 "wx": true 或 "jwt"'],
    ['{"users":{"wx":true}}', '"services" 或 "users.wx" 需要环境变量 WX_APPID。请设置它。'],
  ])('reports what is wrong with the configuration %s of a relay', async (config, text) => {
    const file = join(temporaryFolder({ 'relay.config.json': config }), 'relay.config.json');
    const { code, err } = await command('--lang', 'zh', 'relay', '--config', file);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(text) });
    expect(err).toMatch(/^读取 .* 失败：/);
  });

  test('is English again for the next run', async () => {
    await command('doctor', temporaryFolder(project), '--lang', 'zh');
    expect((await command('doctor', temporaryFolder(project))).out).toMatch(/^Found\n/);
  });
});
