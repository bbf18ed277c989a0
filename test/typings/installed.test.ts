import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installPacked } from '../support/installed-package';
import { cleanUpAfterSuite } from '../support/cleanup';
import { temporaryFolder, writeFiles } from '../support/files';

const ROOT = resolve(__dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const NAME = 'miniprogram-servicemarket';

/** Every subpath that has types. */
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NEED_NODE = ['./openapi', './relay'];
/** The types for Taro need Taro (taro.test.ts). */
const SUBPATHS = Object.keys(exports).filter(
  (path) => JSON.stringify(exports[path]).includes('"types"') && path !== './typings/taro',
);
/** ES modules alone; the types for vitest are held by the test of the matchers. */
const ES_MODULES = ['./simulator/browser', './simulator/vitest'];

let project: string;
beforeAll(() => {
  project = temporaryFolder({}, cleanUpAfterSuite);
  installPacked(project);
});

/** Compiles a script where nothing but the package is installed, its declarations included. */
function compile(source: string, options: object, others: Record<string, string> = {}): string {
  const tsconfig = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: [],
      lib: ['ES2022', 'DOM'],
      ...options,
    },
    files: ['page.ts', ...Object.keys(others)],
  };
  writeFiles(project, { 'page.ts': source, 'tsconfig.json': JSON.stringify(tsconfig), ...others });
  return spawnSync(process.execPath, [TSC, '-p', project], { encoding: 'utf8' }).stdout;
}

const RESOLUTIONS = [
  { moduleResolution: 'node10', module: 'commonjs', target: 'es5' },
  { moduleResolution: 'node16', module: 'node16', target: 'es2022' },
  { moduleResolution: 'bundler', module: 'esnext', target: 'es2020' },
];
const importOf = (path: string, i: number): string =>
  `import type * as from${i} from '${join(NAME, path)}';\nexport type From${i} = typeof from${i};\n`;

describe.each(RESOLUTIONS)('the types of the packed package, with %j', (options) => {
  test('of every subpath that needs nothing else', () => {
    const paths = SUBPATHS.filter((path) => ![...NEED_NODE, ...ES_MODULES].includes(path));
    expect(paths).toHaveLength(8);
    expect(compile(paths.map(importOf).join(''), options)).toBe('');
  });

  test.each(NEED_NODE)('of %s, with the types of Node and of the peer', (path) => {
    const types = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
    const peer = { 'peer.d.ts': "declare module 'fastify' { export type FastifyInstance = object }\n" };
    expect(compile(importOf(path, 0), { ...options, ...types }, peer)).toBe('');
  });

  test('of a plugin that waits for its answer', () => {
    const source = `
      import { serviceMarket } from '${NAME}/plugin';
      export function readPhoto(filePath: string): Promise<string> {
        const img_url = new serviceMarket.CDN({ type: 'filePath', filePath });
        return serviceMarket
          .invokeService({ service: 'wx79ac3de8be320b71', api: 'OcrAllInOne', data: { img_url, data_type: 3, ocr_type: 8 } })
          .then(({ data }) => data.ocr_comm_res.items.map(({ text }) => text).join());
      }
      export async function ask(requestId: string): Promise<number> {
        return (await serviceMarket.getAsyncResult({ requestId })).status;
      }`;
    expect(compile(source, options)).toBe('');
  });
});

describe('the matchers of the simulator', () => {
  const check = `
    const host = createHost({ project: 'miniprogram' });
    host.provide('wx79ac3de8be320b71', { OcrAllInOne: async (data) => ({ got: data }) });
    expect(host).toHaveCalledService('wx79ac3de8be320b71', 'OcrAllInOne', { data_type: 3 });
    expect(host).not.toHaveUploaded(new Uint8Array(1));
    expect(host).toHaveBilled(1);`;
  const wrong = 'expect(host).toHaveBilled("one");';
  const options = { moduleResolution: 'bundler', module: 'esnext', target: 'es2022' };
  /** vitest's own declarations want more than is installed here. */
  const lenient = { ...options, skipLibCheck: true };
  const ofJest = { ...options, types: ['jest'], typeRoots: [join(ROOT, 'node_modules/@types')] };

  test.each([
    ['jest', ofJest, `import { createHost } from '${NAME}/simulator/jest';`],
    [
      'vitest',
      lenient,
      `import { createHost } from '${NAME}/simulator/vitest';\nimport { expect } from 'vitest';`,
    ],
  ])('are typed under %s', (_runner, compilerOptions, imports) => {
    linkVitest();
    expect(compile(imports + check, compilerOptions)).toBe('');
    expect(compile(imports + check + wrong, compilerOptions)).toMatch(
      /page\.ts\(\d+,\d+\): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'/,
    );
  });
});

function linkVitest(): void {
  const place = join(project, 'node_modules/vitest');
  if (!existsSync(place)) symlinkSync(join(ROOT, 'node_modules/vitest'), place);
}
