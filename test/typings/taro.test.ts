/** Taro's own `defineAppConfig` accepts the key, with one line in the project. */
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installPacked } from '../support/installed-package';
import { cleanUpAfterSuite } from '../support/cleanup';
import { ROOT, temporaryFolder, writeFiles } from '../support/files';
import { describeWith, toolchain } from '../toolchain/installed';

const LINE = '/// <reference types="miniprogram-servicemarket/typings/taro" />';

describeWith('taro', "Taro's types", () => {
  let project: string;
  beforeAll(() => {
    project = temporaryFolder(
      {
        'src/app.config.ts': "export default defineAppConfig({ pages: ['a'], servicemarket: true });\n",
        'src/page.ts': "export const task = wx.serviceMarket.getAsyncResult({ requestId: '1' });\n",
        // As Taro's own templates have it, and a `wx`.
        'types/wx.d.ts': 'declare const wx: WechatMiniprogram.Wx;\n',
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...{ strict: true, noEmit: true, skipLibCheck: true, target: 'es2020', lib: ['ES2022', 'DOM'] },
            ...{ module: 'esnext', moduleResolution: 'bundler', types: [] },
          },
          include: ['src', 'types'],
        }),
      },
      cleanUpAfterSuite,
    );
    installPacked(project);
    const modules = join(toolchain('taro'), 'node_modules');
    symlinkSync(join(modules, '@tarojs'), join(project, 'node_modules/@tarojs'));
  });

  function compile(globals: string): string {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    writeFiles(project, { 'types/global.d.ts': globals });
    return spawnSync(process.execPath, [tsc, '-p', project, '--pretty', 'false'], {
      cwd: project,
      encoding: 'utf8',
    }).stdout;
  }

  test('accept servicemarket in the app config, and wx.serviceMarket', () => {
    expect(compile(`/// <reference types="@tarojs/taro" />\n${LINE}\n`)).toBe('');
  });

  test('do not without the line', () => {
    const errors = compile('/// <reference types="@tarojs/taro" />\n');
    expect(errors).toContain('src/app.config.ts(1,48): error TS2353: Object literal may only specify');
    expect(errors).toContain("'servicemarket' does not exist in type 'AppConfig'");
  });
});
