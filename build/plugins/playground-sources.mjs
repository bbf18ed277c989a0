import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DEMO = 'demo-miniprogram';
const EXAMPLES = 'src/playground/examples';

/** The texts of a folder's files by their path in it. */
function readAll(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => [path.relative(folder, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  );
}

/** The files of a folder as they lie in a project. */
const below = (root, files) =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`${root}/${file}`, text]));

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What the examples share with the demo: everything but its pages. */
function sharedOf(demo) {
  return Object.fromEntries(
    Object.entries(demo).filter(([file]) => !file.startsWith('pages/') && file !== 'app.json'),
  );
}

/** The demo's plugin in its host, as one project. */
function pluginProject() {
  const host = path.join(DEMO, 'plugin-host');
  const config = { ...readJson(path.join(host, 'project.config.json')), pluginRoot: 'plugin/' };
  return {
    ...below('miniprogram', readAll(path.join(host, 'miniprogram'))),
    ...below('plugin', readAll(path.join(DEMO, 'plugin/plugin'))),
    'servicemarket.config.json': readFileSync(path.join(host, 'servicemarket.config.json'), 'utf8'),
    'project.config.json': JSON.stringify(config, null, 2),
  };
}

/** Makes sources.json, projects by name: the demo mini-program, its plugin, and the examples. */
export const playgroundSources = {
  name: 'playground-sources',
  generateBundle() {
    const demo = readAll(path.join(DEMO, 'miniprogram'));
    const config = { 'project.config.json': readFileSync(path.join(DEMO, 'project.config.json'), 'utf8') };
    const examples = readdirSync(EXAMPLES).map((name) => [
      name,
      {
        ...config,
        ...below('miniprogram', { ...sharedOf(demo), ...readAll(path.join(EXAMPLES, name)) }),
      },
    ]);
    const projects = {
      ocr: { ...config, ...below('miniprogram', demo) },
      plugin: pluginProject(),
      ...Object.fromEntries(examples),
    };
    this.emitFile({ type: 'asset', fileName: 'sources.json', source: JSON.stringify(projects) });
  },
};
