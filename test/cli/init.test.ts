import { readFiles, temporaryFolder, writeFiles } from '../support/files';
import { run } from '../../src/cli/program';
import { command } from '../support/command';

const PROJECT = {
  'project.config.json': '{\n\t"miniprogramRoot": "mini/",\n\t"appid": "wx1"\n}\n',
  'mini/app.json': '\uFEFF{\r\n  // ours\r\n  "pages": ["a"]\r\n}\r\n',
  'mini/app.js': 'App({});\n',
};
const bytes = (files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text).toString('latin1')]),
  );

describe('miniprogram-servicemarket init, then inject', () => {
  test('starts a native project, changes nothing the second time, and --undo gives back every byte', async () => {
    const root = temporaryFolder(PROJECT);
    const { out } = await command('init', root);
    expect(out.split('\n').slice(0, 7)).toEqual([
      'Detected: native mini-program',
      'create  servicemarket.config.json  the configuration',
      'change  mini/app.json              "servicemarket": true',
      'change  project.config.json        inject before DevTools compiles, previews, uploads',
      '',
      'What doctor says',
      expect.stringContaining('fix: Not injected yet'),
    ]);
    const started = readFiles(root);
    expect(started['mini/app.json']).toContain(
      '{\r\n  "servicemarket": true,\r\n  // ours\r\n  "pages": ["a"]\r\n}\r\n',
    );
    expect((await command('init', root)).out).toContain('everything is there already; nothing was changed');
    expect(readFiles(root)).toEqual(started);
    expect((await command('inject', root, '--dry-run')).out).toMatch(/^injected/);

    const undone = await command('init', root, '--undo');
    expect(undone.out).toBe(
      'Detected: native mini-program\nchange  mini/app.json              "servicemarket": true\n' +
        'change  project.config.json        inject before DevTools compiles, previews, uploads\ndelete  servicemarket.config.json',
    );
    expect(readFiles(root)).toEqual(bytes(PROJECT));
    expect((await command('init', root, '--undo')).out).toContain('there is nothing of init here');
  });

  test('--undo keeps a configuration and a hook that were changed, and the command that was there', async () => {
    const project = { ...PROJECT, 'project.config.json': '{"scripts":{"beforeCompile":"npm run tsc"}}' };
    const root = temporaryFolder({ ...project, 'app.json': '{}', 'app.js': '' });
    await command('init', root);
    const mine = '{"channels":["bridge","relay"],"relay":{"url":"https://r.example"}}';
    writeFiles(root, { 'servicemarket.config.json': mine });
    const { err } = await command('init', root, '--undo');
    expect(err).toBe('note: servicemarket.config.json stays: it is not as init wrote it.');
    const files = readFiles(root);
    expect(files['servicemarket.config.json']).toBe(mine);
    expect(JSON.parse(files['project.config.json'])).toEqual({ scripts: { beforeCompile: 'npm run tsc' } });
  });

  test('says what to write where a framework’s files are not there or not of a known shape', async () => {
    const root = temporaryFolder({
      'package.json': '{"dependencies":{"@tarojs/taro":"4.2.0"}}',
      'project.config.json': '{"miniprogramRoot":"dist/"}',
      'dist/app.json': '{}',
    });
    const { out, err } = await command('init', root);
    expect(out).toMatch(/^Detected: Taro\ncreate {2}servicemarket\.config\.json {2}the configuration\n\n/);
    expect(err).toContain('The build of Taro does not inject: add the bundler plugin to config/index.js');
    expect(err).toContain("chain.plugin('miniprogram-servicemarket').use(serviceMarket.webpack());");
    expect(err).toContain(
      'The key "servicemarket": true goes into the sources of Taro: docs/en/inject-taro.md.',
    );
  });
});

describe('miniprogram-servicemarket init in a project of', () => {
  const dependsOn = (...names: string[]) =>
    JSON.stringify({ devDependencies: Object.fromEntries(names.map((name) => [name, '1'])) });

  test.each([
    [
      'native TypeScript',
      'native mini-program (TypeScript)',
      {
        'package.json': dependsOn('miniprogram-api-typings', 'typescript'),
        'project.config.json': '{\n  "miniprogramRoot": "miniprogram/"\n}\n',
        'tsconfig.json': '{\n  "compilerOptions": {\n    "types": ["miniprogram-api-typings"]\n  }\n}\n',
        'miniprogram/app.json': '{\n  "pages": ["pages/a/a"]\n}\n',
        '.gitignore': 'node_modules\n',
        '.prettierignore': 'dist\n',
      },
      ['miniprogram/app.json', 'tsconfig.json', '.gitignore', '.prettierignore', 'project.config.json'],
    ],
    [
      'a game',
      'native mini-game',
      { 'project.config.json': '{\n  "compileType": "game"\n}\n', 'game.json': '{}\n', 'game.js': '' },
      ['game.json', 'project.config.json'],
    ],
    [
      'a plugin alone',
      'mini-program plugin',
      {
        'project.config.json': '{\n  "compileType": "plugin",\n  "pluginRoot": "plugin/"\n}\n',
        'plugin/plugin.json': '{\n  "main": "index.js"\n}\n',
        'plugin/index.js': '',
      },
      ['project.config.json'],
    ],
    [
      'a plugin beside its host',
      'native mini-program',
      {
        'project.config.json':
          '{\n  "compileType": "plugin",\n  "pluginRoot": "plugin/",\n  "miniprogramRoot": "host/"\n}\n',
        'plugin/plugin.json': '{\n  "main": "index.js"\n}\n',
        'plugin/index.js': '',
        'host/app.json': '{\n  "pages": ["a"]\n}\n',
      },
      ['host/app.json', 'project.config.json'],
    ],
    [
      'Taro, React and TypeScript',
      'Taro (React, TypeScript)',
      {
        'package.json': dependsOn('@tarojs/taro', 'react', 'typescript'),
        'src/app.config.ts': "export default defineAppConfig({\n  pages: ['pages/a/a'],\n})\n",
        'config/index.ts': "export default defineConfig({\n  compiler: 'webpack5',\n  mini: {},\n})\n",
      },
      ['src/app.config.ts', 'config/index.ts'],
    ],
    [
      'Taro and Vue',
      'Taro (Vue)',
      {
        'package.json': dependsOn('@tarojs/taro', 'vue'),
        'src/app.config.js': "export default {\n  pages: ['pages/a/a'],\n}\n",
        'config/index.js': 'export default {\n  mini: {\n    postcss: {},\n  },\n}\n',
      },
      ['src/app.config.js', 'config/index.js'],
    ],
    [
      'uni-app',
      'uni-app',
      {
        'package.json': dependsOn('@dcloudio/uni-app'),
        'src/manifest.json': '{\n  "mp-weixin": {\n    "appid": ""\n  }\n}\n',
        'vite.config.js': "import uni from 'x'\nexport default defineConfig({ plugins: [uni()] })\n",
      },
      ['src/manifest.json', 'vite.config.js'],
    ],
    [
      'weapp-vite',
      'weapp-vite',
      {
        'package.json': dependsOn('weapp-vite'),
        'src/app.json': '{\n  "pages": ["a"]\n}\n',
        'vite.config.ts': 'export default defineConfig({\n  weapp: {},\n})\n',
      },
      ['src/app.json', 'vite.config.ts'],
    ],
    [
      'mpx',
      'mpx',
      {
        'package.json': dependsOn('@mpxjs/core'),
        'src/app.mpx': '<script type="application/json">\n  { "pages": ["a"] }\n</script>\n',
        'webpack.config.js': 'module.exports = { plugins: [new Mpx()] };\n',
      },
      ['src/app.mpx', 'webpack.config.js'],
    ],
  ])(
    '%s: detects it, changes what it has to, nothing the second time, and gives back every byte',
    async (_name, label, project: Record<string, string>, changed) => {
      const root = temporaryFolder(project);
      expect(JSON.parse((await command('init', root, '--json')).out)).toEqual({
        changed,
        created: ['servicemarket.config.json'],
      });
      const started = readFiles(root);
      const again = await command('init', root);
      expect(again.out).toMatch(
        new RegExp(`^Detected: ${label.replace(/[()]/g, '\\$&')}\neverything is there`),
      );
      expect(readFiles(root)).toEqual(started);
      await command('init', root, '--undo');
      expect(readFiles(root)).toEqual(bytes(project));
    },
  );

  test.each([
    [
      'weapp-vite',
      `import { serviceMarket } from 'miniprogram-servicemarket/unplugin';

export default defineConfig({ plugins: [serviceMarket.vite()] });`,
    ],
    [
      '@mpxjs/core',
      `const { serviceMarket } = require('miniprogram-servicemarket/unplugin');

module.exports = { plugins: [serviceMarket.webpack()] };`,
    ],
    [
      '@tarojs/taro',
      `import { serviceMarket } from 'miniprogram-servicemarket/unplugin';

export default {
  mini: { webpackChain(chain) { chain.plugin('miniprogram-servicemarket').use(serviceMarket.webpack()); } },
  // with Vite: compiler: { type: 'vite', vitePlugins: [serviceMarket.vite()] },
};`,
    ],
  ])('%s whose configuration is of an unknown shape: prints what to write', async (framework, snippet) => {
    const { err } = await command('init', temporaryFolder({ 'package.json': dependsOn(framework) }));
    expect(err).toContain(snippet);
  });

  test('TypeScript without a list of types: a file names those of wx.serviceMarket', async () => {
    const project = {
      'package.json': dependsOn('miniprogram-api-typings'),
      'tsconfig.json': '{ "compilerOptions": { "typeRoots": ["typings"] } }',
      'app.json': '{}',
      'app.ts': '',
    };
    const root = temporaryFolder(project);
    await command('init', root);
    expect(readFiles(root)['servicemarket.d.ts']).toBe(
      '/// <reference types="miniprogram-servicemarket/typings" />\n',
    );
    await command('init', root, '--undo');
    expect(readFiles(root)).toEqual(bytes(project));
  });
});

describe('on a terminal, init asks once', () => {
  const ask = async (answer: boolean, ...options: string[]) => {
    const root = temporaryFolder(PROJECT);
    const questions: string[] = [];
    const out: string[] = [];
    const output = {
      out: (text: string) => void out.push(text),
      err: () => {},
      colour: false,
      ask: async (question: string) => {
        questions.push([...out, question].join('\n'));
        return answer;
      },
    };
    await run(['init', root, ...options], output);
    return { questions, isChanged: 'servicemarket.config.json' in readFiles(root), out: out.join('\n') };
  };

  test('after it has said what it will do, and does nothing without a yes', async () => {
    const refused = await ask(false);
    expect(refused.questions).toEqual([
      expect.stringMatching(/create {2}servicemarket\.config\.json[^]*\nDo this\?$/),
    ]);
    expect(refused).toMatchObject({ isChanged: false, out: expect.stringMatching(/\nnothing was changed$/) });
    expect(await ask(true)).toMatchObject({ isChanged: true });
  });

  test.each(['--yes', '--json'])('and not with %s', async (option) => {
    expect(await ask(false, option)).toMatchObject({ questions: [], isChanged: true });
  });
});
