import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compare } from '../harness/compare.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target, timedRow } from '../harness/row.mjs';

export const keys = ['inject'];
export const title = 'injecting into a project of 50 and of 5,000 files';

const { injectProject } = createRequire(import.meta.url)(inPackage('dist/node/inject.js'));

const ENTRY = 'App({ opened: 0 });\n';

/** A project of pages, each of four files, and the manifest and entry. */
function makeProject(folder, files) {
  const write = (name, text) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const pages = Array.from({ length: Math.floor((files - 2) / 4) }, (_, i) => `pages/p${i % 50}/page${i}`);
  for (const page of pages) {
    write(
      `${page}.js`,
      `const app = getApp();\nPage({ data: { name: '${page}' }, onLoad() { app.opened++; } });\n`,
    );
    write(`${page}.json`, '{ "usingComponents": {} }\n');
    write(`${page}.wxml`, '<view class="name">{{name}}</view>\n');
    write(`${page}.wxss`, '.name { color: #333; }\n');
  }
  write('app.json', JSON.stringify({ pages, servicemarket: true }, null, 2));
  write('app.js', ENTRY);
}

/** Each injection meets a clean project; what it wrote is undone between two, untimed. */
export async function measure() {
  const scratch = mkdtempSync(join(tmpdir(), 'servicemarket-bench-'));
  const projects = { ours: join(scratch, '5000'), 'itself at 50': join(scratch, '50') };
  const ways = {};
  makeProject(projects.ours, 5000);
  makeProject(projects['itself at 50'], 50);
  for (const [name, project] of Object.entries(projects)) {
    ways[name] = () => {
      if (injectProject(project).status !== 'injected')
        throw new Error(`Nothing was injected into ${project}`);
    };
  }
  const copies = { 'cp -r of 5,000': projects.ours, 'cp -r of 50': projects['itself at 50'] };
  for (const [name, project] of Object.entries(copies)) {
    ways[name] = () => execFileSync('cp', ['-r', project, join(scratch, 'copy')]);
  }
  try {
    const result = await compare(ways, 'itself at 50', {
      prepare() {
        rmSync(join(scratch, 'copy'), { recursive: true, force: true });
        for (const project of Object.values(projects)) {
          writeFileSync(join(project, 'app.js'), ENTRY);
          rmSync(join(project, 'servicemarket-compat.js'), { force: true });
        }
      },
    });
    return {
      inject: timedRow(result, 'ours', 'itself at 50', (over) => [
        target('5,000 files / 50 files', over('itself at 50'), 1.2),
      ]),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
