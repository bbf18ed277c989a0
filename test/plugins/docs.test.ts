/** The examples of docs/en/plugins.md, run as they stand there. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, temporaryFolder } from '../support/files';
import { type Any, HOST_APPID, injectedFile, plain, pluginFolder, worldOf } from './support/worlds';

const DOCUMENT = fs.readFileSync(path.join(ROOT, 'docs/en/plugins.md'), 'utf8');
const sample = (language: string, file = ''): string => {
  const blocks = [...DOCUMENT.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const found = blocks.find(([, kind, code]) => kind === language && code.startsWith(file && `// ${file}`));
  return (found as RegExpMatchArray)[2];
};

const READ = { ocr_comm_res: { items: [{ text: 'two' }, { text: 'lines' }] } };
const plugins = (): Any[] => [
  { appid: 'wxreader', root: pluginFolder({ main: sample('js', 'plugin/index.js') }) },
];
const READ_PHOTO = "return requirePlugin('reader').readPhoto('wxfile://tmp_a.png')";

function boot(app: string, options: object, compat = ''): ReturnType<typeof worldOf> {
  const folder = temporaryFolder({
    'app.json': JSON.stringify({ pages: [], plugins: { reader: { provider: 'wxreader', version: '1' } } }),
    'app.js': app,
    'compat.js': compat,
    'miniprogram_npm/miniprogram-servicemarket/index.js': fs.readFileSync(
      path.join(ROOT, 'miniprogram_dist/index.js'),
      'utf8',
    ),
  });
  const world = worldOf({ plugins: plugins(), providers: { '*': () => READ }, ...options }, {}, null);
  world.boot(folder);
  return world;
}

test.each(['1.9.6', '2.8.3', '2.11.0'])('%s: connected in code', async (sdkVersion) => {
  const world = boot(sample('js', 'app.js'), { sdkVersion });
  expect(await world.clock.until(world.run(READ_PHOTO) as Promise<Any>)).toBe('two\nlines');
  expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
  expect(plain(world.run('return getApp().spent'))).toEqual([
    expect.stringMatching(/^reader called wx79ac3de8be320b71\/OcrAllInOne: ok after [\d.]+ ms$/),
  ]);
});

test.each(['2.8.3', '2.11.0', 'newest'])('%s: connected by the configuration', async (sdkVersion) => {
  const { channels, relay, ...config } = JSON.parse(sample('json'));
  expect([channels, relay]).toEqual([['bridge', 'relay'], { url: expect.any(String) }]);
  const compat = fs.readFileSync(injectedFile(config, ['reader']), 'utf8');
  const world = boot("require('./compat.js'); App({})", { sdkVersion }, compat);
  expect(await world.clock.until(world.run(READ_PHOTO) as Promise<Any>)).toBe('two\nlines');
  expect(world.market.bills).toMatchObject([{ by: HOST_APPID }]);
});
