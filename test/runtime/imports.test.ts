/** Who may import whom (design.md, "Folders"): every import of src is read, and any other edge fails. */
import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { temporaryFolder } from '../support/files';

const ROOT = path.join(__dirname, '../..');
const SRC = path.join(ROOT, 'src');

/** Zone → the zones that it may import; `types` marks one of which only types may be used. */
const ALLOWED: Record<string, Record<string, 'values' | 'types'>> = {
  protocol: {},
  runtime: { protocol: 'values' },
  typings: { protocol: 'types' },
  texts: {},
  json: { texts: 'values' },
  inject: { protocol: 'values', json: 'values', texts: 'values' },
  invocation: { protocol: 'values' },
  openapi: { protocol: 'values', invocation: 'types' },
  functions: { protocol: 'values', invocation: 'values', openapi: 'values' },
  relay: { protocol: 'values', json: 'values', texts: 'values', openapi: 'values', invocation: 'values' },
  simulator: { protocol: 'types' },
  playground: {
    protocol: 'values',
    invocation: 'values',
    inject: 'values',
    openapi: 'values',
    relay: 'values',
    simulator: 'values',
    texts: 'values',
  },
  cli: { inject: 'values', relay: 'values', simulator: 'values', texts: 'values' },
};
/** What the playground has besides: texts that its build puts in, and the demo's services. */
const OF_PLAYGROUND = /^playground:runtime$|^(\.\.\/)+demo-miniprogram\/provider\//;
/** What runs inside mini-programs: no package, no module of Node. */
const BARE_FREE = ['protocol', 'runtime'];

interface Import {
  file: string;
  target: string;
  typesOnly: boolean;
}

function filesUnder(folder: string, pattern: RegExp): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(full, pattern);
      return pattern.test(entry.name) ? [full] : [];
    })
    .sort();
}

/** Static and dynamic imports, re-exports, `import x = require()`, `require()` and `import()` types. */
function importsOf(file: string, text = fs.readFileSync(file, 'utf8')): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typesOnly: boolean): void => {
    if (node && ts.isStringLiteralLike(node)) found.push({ file, target: node.text, typesOnly });
  };
  (function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      const { importClause: clause } = node;
      const named =
        clause?.namedBindings && ts.isNamedImports(clause.namedBindings) && clause.namedBindings.elements;
      const allTypes =
        !!named && !clause.name && named.length > 0 && named.every((element) => element.isTypeOnly);
      add(node.moduleSpecifier, !!clause?.isTypeOnly || allTypes);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
      if (isRequire || expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  })(source);
  return found;
}

const zoneOf = (file: string): string => path.relative(SRC, file).split(path.sep)[0];
const packageOf = (target: string): string => target.split('/', target.startsWith('@') ? 2 : 1).join('/');

/** What the manifest in a file's own folder asks for: a function that is uploaded has one. */
function ofManifestBeside(file: string): string[] {
  const manifest = path.join(path.dirname(file), 'package.json');
  return fs.existsSync(manifest)
    ? Object.keys(JSON.parse(fs.readFileSync(manifest, 'utf8')).dependencies ?? {})
    : [];
}

/** What is wrong with an import, or nothing. */
function objection({ file, target, typesOnly }: Import, packages: string[]): string | undefined {
  const zone = zoneOf(file);
  const where = `${path.relative(ROOT, file)} imports ${target}`;
  if (zone === 'playground' && OF_PLAYGROUND.test(target)) return undefined;
  if (!target.startsWith('.')) {
    if (BARE_FREE.includes(zone)) return `${where}: ${zone} depends on nothing`;
    if (target.startsWith('node:')) return undefined;
    if (builtinModules.includes(packageOf(target))) return `${where}: write node:${target}`;
    return [...packages, ...ofManifestBeside(file)].includes(packageOf(target))
      ? undefined
      : `${where}: not a dependency of package.json`;
  }
  const resolved = path.resolve(path.dirname(file), target);
  if (!resolved.startsWith(SRC + path.sep)) {
    return /\.json$/.test(target) || !/^\.\.?\//.test(target) ? undefined : `${where}: outside src`;
  }
  const other = zoneOf(resolved);
  if (other === zone) return undefined;
  const use = ALLOWED[zone]?.[other];
  if (!use) return `${where}: ${zone} may not import ${other}`;
  return use === 'types' && !typesOnly ? `${where}: only types of ${other} may be imported` : undefined;
}

const files = filesUnder(SRC, /\.ts$/);
const {
  dependencies = {},
  peerDependencies = {},
  devDependencies = {},
} = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const packages = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });

test('every zone is in the table', () => {
  expect(fs.readdirSync(SRC).sort()).toEqual(Object.keys(ALLOWED).sort());
});

test.each(Object.keys(ALLOWED))('%s imports what it may', (zone) => {
  const own = files.filter((file) => zoneOf(file) === zone);
  expect(own.length).toBeGreaterThan(0);
  expect(
    own.flatMap((file) => importsOf(file).map((one) => objection(one, packages))).filter(Boolean),
  ).toEqual([]);
});

test.each([
  ['runtime/a.ts', "import x from '../simulator'", /runtime may not import simulator/],
  ['runtime/a.ts', "export * from '../inject/b'", /runtime may not import inject/],
  ['runtime/a.ts', "import fs from 'node:fs'", /depends on nothing/],
  ['protocol/a.ts', "type T = import('../runtime').T", /protocol may not import runtime/],
  ['simulator/a.ts', "import { LIMITS } from '../protocol'", /only types of protocol/],
  ['simulator/a.ts', "const x = require('../../protocol')", /outside src|may not import/],
  ['relay/a.ts', "import('../inject')", /relay may not import inject/],
  ['invocation/a.ts', "import type { OpenApi } from '../openapi'", /invocation may not import openapi/],
  ['inject/a.ts', "import x from 'left-pad'", /not a dependency/],
  ['inject/a.ts', "import fs from 'fs'", /write node:fs/],
])('the check sees %s: %s', (file, text, message) => {
  const [first] = importsOf(path.join(SRC, file), text).map((one) => objection(one, packages));
  expect(first).toMatch(message);
});

/** The circles in which files import each other, each as `a → b → a`. */
function circlesOf(among: string[], countTypes: boolean): string[] {
  const edges = new Map(
    among.map((file) => [
      file,
      importsOf(file)
        .filter(({ target, typesOnly }) => target.startsWith('.') && (countTypes || !typesOnly))
        .map(({ target }) => path.resolve(path.dirname(file), target))
        .map((target) => among.find((one) => one === `${target}.ts` || one === path.join(target, 'index.ts')))
        .filter((target) => target !== undefined),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: string[]): void => {
    if (trail.includes(file)) {
      circles.push(
        [...trail.slice(trail.indexOf(file)), file].map((one) => path.relative(SRC, one)).join(' → '),
      );
    } else if (!done.has(file)) {
      for (const target of edges.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    }
  };
  among.forEach((file) => visit(file, []));
  return circles;
}

test('imports inside a zone make no circle', () => {
  expect(circlesOf(files, false)).toEqual([]);
});

const runtimeFiles = files.filter((file) => zoneOf(file) === 'runtime');

test('imports inside the runtime make no circle, those of types counted', () => {
  expect(runtimeFiles.length).toBeGreaterThan(20);
  expect(circlesOf(runtimeFiles, true)).toEqual([]);
});

test('the check sees a circle, and one that only types close', () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const pair = [write('a.ts', "import { b } from './b'"), write('b.ts', "import type { A } from './a'")];
  expect(circlesOf(pair, true)).toHaveLength(1);
  expect(circlesOf(pair, false)).toEqual([]);
  write('b.ts', "import { a } from './a'");
  expect(circlesOf(pair, false)).toHaveLength(1);
});

/** The folders of src/runtime from the ground up: each imports itself and those before it. The entries are on top. */
const RUNTIME_FOLDERS = ['core', 'install', 'payload', 'channels', 'uploads', 'calls', '.', 'plugins'];

test('the folders of the runtime import downwards', () => {
  const folderOf = (file: string): string =>
    path.relative(path.join(SRC, 'runtime'), file).split(path.sep).slice(0, -1)[0] ?? '.';
  const entries = ['index', 'auto', 'plugin', 'browser', 'exports'].map((name) =>
    path.join(SRC, 'runtime', `${name}.ts`),
  );
  const upwards = runtimeFiles
    .filter((file) => !entries.includes(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => target.startsWith('.'))
        .map(({ target }) => path.resolve(path.dirname(file), target))
        .filter((target) => zoneOf(target) === 'runtime' && !entries.includes(`${target}.ts`))
        .filter(
          (target) =>
            RUNTIME_FOLDERS.indexOf(folderOf(`${target}.ts`)) > RUNTIME_FOLDERS.indexOf(folderOf(file)),
        )
        .map((target) => `${path.relative(SRC, file)} imports ${path.relative(SRC, target)}`),
    );
  expect(new Set(runtimeFiles.map(folderOf))).toEqual(new Set(RUNTIME_FOLDERS));
  expect(upwards).toEqual([]);
});

test('of the simulator only what is for Node alone imports from Node', () => {
  const touching = files
    .filter((file) => zoneOf(file) === 'simulator')
    .filter((file) => importsOf(file).some(({ target }) => target.startsWith('node:')))
    .map((file) => path.relative(path.join(SRC, 'simulator'), file).split(path.sep)[0]);
  expect([...new Set(touching)].sort()).toEqual(['cloud-server', 'node', 'platform']);
});

test('the demo uses only what the package exports', () => {
  const demo = path.join(ROOT, 'demo-miniprogram');
  const wrong = filesUnder(demo, /\.[cm]?js$/)
    .flatMap((file) => importsOf(file))
    .filter(({ file, target }) => {
      if (target.startsWith('.'))
        return !path.resolve(path.dirname(file), target).startsWith(demo + path.sep);
      return (
        !target.startsWith('node:') &&
        !packages.includes(packageOf(target)) &&
        packageOf(target) !== 'miniprogram-servicemarket'
      );
    })
    .map(({ file, target }) => `${path.relative(ROOT, file)} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('file and folder names are kebab-case', () => {
  const names = filesUnder(SRC, /./).flatMap((file) => path.relative(SRC, file).split(path.sep));
  expect(names.filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name))).toEqual([]);
});
