import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { compare } from '../harness/compare.mjs';
import { inPackage } from '../harness/paths.mjs';
import { target, timedRow } from '../harness/row.mjs';
import { median, round } from '../harness/statistics.mjs';

export const keys = ['inject'];
export const title = 'injecting into a project of 50 and of 5,000 files';

const { injectProject } = createRequire(import.meta.url)(inPackage('dist/node/inject.js'));

const COPIES = 5;
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

/**
 * The median ms of a few copies. Not among the rounds: the disk would still be busy with a copy's files while
 * an injection waits for its own.
 */
function copyTime(project, copy) {
  const times = Array.from({ length: COPIES }, () => {
    const start = performance.now();
    execFileSync('cp', ['-r', project, copy]);
    const ms = performance.now() - start;
    rmSync(copy, { recursive: true });
    return ms;
  });
  return median(times);
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
  // Injection waits until its files are on the disk; not for those made just now.
  execFileSync('sync');
  try {
    const result = await compare(ways, 'itself at 50', {
      prepare() {
        for (const project of Object.values(projects)) {
          writeFileSync(join(project, 'app.js'), ENTRY);
          rmSync(join(project, 'servicemarket-compat.js'), { force: true });
        }
      },
    });
    const copying = copyTime(projects.ours, join(scratch, 'copy'));
    result.ms['cp -r of 5,000'] = copying;
    result.ms['cp -r of 50'] = copyTime(projects['itself at 50'], join(scratch, 'copy'));
    const row = timedRow(result, 'ours', 'itself at 50', (over) => [
      target('5,000 files / 50 files', over('itself at 50'), 1.2),
    ]);
    const ratios = { 'itself at 50': row.ratio, 'cp -r of 5,000': round(result.ms.ours / copying) };
    return { inject: { ...row, ratios } };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
