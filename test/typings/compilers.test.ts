/** How compilers find the packed package's types, from the oldest that can read them on. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPacked } from '../support/installed-package';
import { cleanUpAfterSuite } from '../support/cleanup';
import { temporaryFolder, writeFiles } from '../support/files';
import { describeWith, toolchain } from '../toolchain/installed';

const NAME = 'miniprogram-servicemarket';
const PAGE =
  "wx.serviceMarket.getAsyncResult({ requestId: '1' });\n" +
  ['', '/plugin', '/browser', '/inject', '/unplugin', '/simulator']
    .map((path, i) => `import * as from${i} from '${NAME}${path}';\nexport const value${i} = from${i};\n`)
    .join('');

describeWith('typescript', 'the types of the packed package', () => {
  let project: string;
  beforeAll(() => {
    project = temporaryFolder({}, cleanUpAfterSuite);
    installPacked(project);
  });

  test.each([
    ['4.9', 'node'],
    ['4.9', 'node16'],
    ['5.0', 'node'],
    ['5.4', 'bundler'],
    ['6', 'bundler'],
    ['7', 'bundler'],
  ])('are read by TypeScript %s with the module resolution "%s"', (version, moduleResolution) => {
    const module = { node: 'commonjs', node16: 'node16' }[moduleResolution] ?? 'esnext';
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, types: [`${NAME}/typings`] },
      ...{ lib: ['ES2022', 'DOM'], target: 'es2020', module, moduleResolution },
    };
    writeFiles(project, {
      'page.ts': PAGE,
      'wx.d.ts': 'declare const wx: WechatMiniprogram.Wx;\n',
      'wrong.ts': `import { CDN } from '${NAME}';\nnew CDN({ type: 'filePath', filePath: 1 });\n`,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['page.ts', 'wx.d.ts', 'wrong.ts'] }),
    });
    const tsc = join(toolchain('typescript'), 'node_modules', `typescript-${version}`, 'bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--pretty', 'false'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(stdout.match(/^\S.*error.*$/gm)).toEqual([
      expect.stringMatching(/^wrong\.ts\(2,\d+\): error TS2/),
    ]);
  });
});
