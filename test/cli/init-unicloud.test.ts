import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFiles, ROOT, temporaryFolder, writeFiles } from '../support/files';
import { command } from '../support/command';

const templates = join(ROOT, 'dist/templates');
const FILES = ['index.js', 'package.json', 'sax.js', 'settings.json'];
const PLACE = 'uniCloud-aliyun/cloudfunctions';

function makeProject(...clouds: string[]): string {
  const root = temporaryFolder();
  for (const cloud of clouds) mkdirSync(join(root, cloud, 'cloudfunctions'), { recursive: true });
  return root;
}

describe('miniprogram-servicemarket init unicloud', () => {
  test('writes the function where the project has its functions, complete, and says what to do next', async () => {
    const root = makeProject('uniCloud-aliyun');
    const { code, out, err } = await command('init', 'unicloud', root);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const written = readFiles(root);
    expect(Object.keys(written).sort()).toEqual(FILES.map((name) => `${PLACE}/servicemarket/${name}`).sort());
    // Whatever a file of it requires by a path is there.
    for (const [name, text] of Object.entries(written))
      for (const [, path] of text.matchAll(/require\('\.\/([\w.-]+)'\)/g))
        expect([name, Object.keys(written)]).toEqual([
          name,
          expect.arrayContaining([
            `${PLACE}/servicemarket/${path.replace(/(\.js(on)?)?$/, (end) => end || '.js')}`,
          ]),
        ]);
    for (const step of [
      /^1\. .*settings\.json: \{"services"/m,
      /^2\. .*servicemarket_calls, servicemarket_limits, servicemarket_sessions and servicemarket_files/m,
      /^3\. .*vk-unicloud.*uni-config-center/m,
      /"relay": \{"url": "https:\/\/<domain of the functions>\/http\/servicemarket"\}/,
    ])
      expect(out).toMatch(step);
  });

  test('its manifest asks for what the documentation promises', () => {
    const manifest = JSON.parse(readFileSync(join(templates, 'unicloud/package.json'), 'utf8'));
    expect(manifest['cloudfunction-config']).toMatchObject({
      timeout: 60,
      path: '/http/servicemarket',
      triggers: [{ type: 'timer', config: expect.stringMatching(/^(\S+ ){6}\S+$/) }],
    });
    const settings = JSON.parse(readFileSync(join(templates, 'unicloud/settings.json'), 'utf8'));
    expect(settings.services).toEqual({});
  });

  test("keeps the owner's settings and manifest, and refuses to overwrite a change", async () => {
    const out = join(temporaryFolder(), 'relay');
    await command('init', 'unicloud', temporaryFolder(), '--out', out);
    const before = readFiles(out);
    const again = JSON.parse(
      (await command('init', 'unicloud', temporaryFolder(), '--out', out, '--json')).out,
    );
    expect(again).toMatchObject({ folder: out, created: [] });
    expect(readFiles(out)).toEqual(before);
    writeFiles(out, { 'settings.json': '{"mine": 1}', 'package.json': '{"mine": 2}' });
    const kept = JSON.parse(
      (await command('init', 'unicloud', temporaryFolder(), '--out', out, '--json')).out,
    );
    expect(kept).toMatchObject({ created: [], updated: [], kept: expect.arrayContaining(FILES) });
    expect(readFiles(out)).toMatchObject({ 'settings.json': '{"mine": 1}', 'package.json': '{"mine": 2}' });
    const changed = temporaryFolder({
      'package.json': '{"mine": 1}',
      'settings.json': '{}',
      'index.js': '// mine',
    });
    const refused = await command('init', 'unicloud', temporaryFolder(), '--out', changed);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining('index.js: it is there with another'),
    });
    expect(Object.keys(readFiles(changed))).toHaveLength(3);
  });

  test('needs to be told where, when the project has no cloud or several', async () => {
    const none = await command('init', 'unicloud', makeProject());
    expect(none).toMatchObject({
      code: 1,
      err: expect.stringMatching(/there is none of .* Name the folder with --out/),
    });
    const several = await command('init', 'unicloud', makeProject('uniCloud-aliyun', 'uniCloud-tcb'));
    expect(several).toMatchObject({ code: 1, err: expect.stringContaining('the project has several') });
  });

  test('needs the folder of a project', async () => {
    const path = join(temporaryFolder(), 'elsewhere');
    const error = `Failed to find the project: ${path} is no folder. Name the project's folder.`;
    for (const words of [
      ['init', 'unicloud'],
      ['init', 'cloud-function'],
      ['init'],
      ['inject'],
      ['doctor'],
    ]) {
      expect(await command(...words, path)).toMatchObject({ code: 1, err: error });
    }
    expect(await command('init', 'unicloud', path, '--out', temporaryFolder())).toMatchObject({ err: error });
  });

  test('says nothing of a relay that is configured; --dry-run writes nothing', async () => {
    const root = temporaryFolder({
      'servicemarket.config.json':
        '{"channels": ["relay"], "relay": {"url": "https://a.example/http/servicemarket"}}',
    });
    mkdirSync(join(root, PLACE), { recursive: true });
    const before = readFiles(root);
    const { out } = await command('init', 'unicloud', root, '--dry-run');
    expect(out).not.toContain('servicemarket.config.json');
    expect(readFiles(root)).toEqual(before);
    const help = await command('init', 'unicloud', '--help');
    expect(help.out).toMatch(/^Usage: miniprogram-servicemarket init unicloud/);
    expect((await command('init', '--help')).out).toContain('unicloud');
  });
});
