/**
 * `npm run docs:build` and `npm run docs:dev`: the documentation site, with the API reference made from the docstrings
 * and, in what is built, the playground. The site is written to docs/.vitepress/dist; DOCS_BASE is the path that it is
 * served under, `/` by default.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const API = 'docs/en/api';
// Not named like its page: servers that leave out `.html` would have one address for both.
const PLAYGROUND = 'docs/public/try';

/** What typedoc names by its source, by the name that it is imported by. */
const MODULES = {
  runtime: '',
  'runtime/plugin': '/plugin',
  'runtime/browser': '/browser',
  inject: '/inject',
  'inject/unplugin': '/unplugin',
  openapi: '/openapi',
  relay: '/relay',
  simulator: '/simulator',
};

function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

function writeApiReference({ name }) {
  fs.rmSync(API, { recursive: true, force: true });
  run('npx', 'typedoc', '--options', 'docs/.vitepress/typedoc.json');
  const rows = Object.entries(MODULES).map(([module, subpath]) => {
    const file = `${API}/${module}.md`;
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace(`# ${module}\n`, `# ${name}${subpath}\n`));
    return `| [\`${name}${subpath}\`](${module}.md) |`;
  });
  fs.rmSync(`${API}/README.md`);
  fs.writeFileSync(
    `${API}/index.md`,
    ['# API reference', '', '| import |', '| --- |', ...rows, ''].join('\n'),
  );
}

const [mode] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
writeApiReference(manifest);
fs.rmSync(PLAYGROUND, { recursive: true, force: true });
if (mode === 'build' && manifest.scripts.playground) {
  run('npm', 'run', '--silent', 'playground', '--', '--build', PLAYGROUND, '--yes');
}
run('npx', 'vitepress', mode, 'docs');
