/**
 * The types of the packed package as pages, games and plugins see them: each compiler, with each package that declares
 * `wx`, on the global, the import and the plugin (docs/en/types.md has the table).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installPacked } from '../support/installed-package';
import { cleanUpAfterSuite } from '../support/cleanup';
import { ROOT, temporaryFolder, writeFiles } from '../support/files';
import { describeWith, toolchain } from '../toolchain/installed';

const COMPILERS = ['5.0', '5.4', '5.9', '6', '7'];
const TYPINGS = ['miniprogram-api-typings', '@types/wechat-miniprogram', 'minigame-api-typings'];
const ENTRIES = ['global', 'import', 'plugin'];

/** Pages with a misspelt field of a known service. */
const wrongCall = (market: string) => `
  ${market}.invokeService({
    service: 'wx79ac3de8be320b71',
    api: 'OcrAllInOne',
    data: { img_ulr: 'https://example.com/a.png', data_type: 3, ocr_type: 8 },
  });`;
const importOf = (path: string) => `import * as market from '${path}';`;
const WRONG_PAGES = {
  'wrong/global.ts': wrongCall('wx.serviceMarket'),
  'wrong/import.ts': importOf('miniprogram-servicemarket') + wrongCall('market'),
  'wrong/plugin.ts': importOf('miniprogram-servicemarket/plugin') + wrongCall('market.serviceMarket'),
};
const MESSAGE =
  "Object literal may only specify known properties, but 'img_ulr' does not exist in type 'OcrData'. Did you mean to write 'img_url'?";

const DOCUMENTS = ['docs/en/types.md', 'docs/zh/types.md'];
const textOf = (document: string) => readFileSync(join(ROOT, document), 'utf8');
/** The TypeScript of the documents, a file each. */
const SAMPLES = Object.fromEntries(
  DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], i) => [
      `${document}-${i}.ts`,
      code,
    ]),
  ),
);

test.each(DOCUMENTS)('%s has the table', (document) => {
  expect(Object.keys(SAMPLES).filter((file) => file.startsWith(`${document}-`))).toHaveLength(4);
  const rows = [...textOf(document).matchAll(/^\| ([\d.]+) /gm)].map(([, compiler]) => compiler);
  expect(rows).toEqual(COMPILERS);
  for (const typings of TYPINGS) expect(textOf(document)).toContain(`| ${typings} `);
});

describeWith('typescript', 'the types of the packed package', () => {
  let project: string;
  beforeAll(() => {
    project = temporaryFolder({}, cleanUpAfterSuite);
    installPacked(project);
    writeFiles(project, { 'node_modules/@types/.keep': '' });
    for (const name of TYPINGS)
      symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
    cpSync(join(__dirname, 'cases'), join(project, 'cases'), { recursive: true });
    writeFiles(project, { ...WRONG_PAGES, ...SAMPLES });
  });

  /** Compiles the project, all declarations included; returns the lines that the compiler prints. */
  function compile(compiler: string, typings: string): string[] {
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, target: 'es2020', lib: ['ES2020'] },
      ...{ module: 'esnext', moduleResolution: 'bundler' },
      types: [typings.replace('@types/', ''), 'miniprogram-servicemarket/typings'],
    };
    writeFiles(project, { 'tsconfig.json': JSON.stringify({ compilerOptions }) });
    const tsc = join(toolchain('typescript'), 'node_modules', `typescript-${compiler}`, 'bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--pretty', 'false'], {
      cwd: project,
      encoding: 'utf8',
    });
    return stdout.split(/\n(?! )/).filter(Boolean);
  }

  describe.each(COMPILERS)('TypeScript %s', (compiler) => {
    describe.each(TYPINGS)('with %s', (typings) => {
      let errors: string[];
      beforeAll(() => {
        errors = compile(compiler, typings);
      });

      test.each(ENTRIES)('%s', (entry) => {
        const others = ENTRIES.filter((name) => name !== entry).map((name) => `cases/${name}/`);
        const apart = ['wrong/', ...others];
        expect(errors.filter((error) => !apart.some((folder) => error.startsWith(folder)))).toEqual([]);
      });

      test('names the wrong field of a known service', () => {
        const wrong = errors.filter((error) => error.startsWith('wrong/'));
        expect(wrong).toEqual(
          ENTRIES.map((entry) => expect.stringMatching(`^wrong/${entry}\\.ts\\(5,13\\): error`)),
        );
        for (const error of wrong) expect(error).toContain(MESSAGE);
      });
    });
  });
});
