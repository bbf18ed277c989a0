/** The files that the build makes, as tests load them: what ships is what is tested. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, temporaryFolder } from './files';

/** The injected files, readable and minified, relative to the project's root. */
export const BUNDLES = ['dist/servicemarket-compat.js', 'dist/servicemarket-compat.min.js'];
export const BUNDLE = path.join(ROOT, BUNDLES[1]);
/** The command. */
export const CLI = path.join(ROOT, 'dist/node/cli.js');
/** The file that a page imports. */
export const IMPORTED = path.join(ROOT, 'miniprogram_dist/index.js');

/** Every prebuilt file for an app, relative to the root; `plugin.min.js` beside them goes into plugins. */
export function variants(): string[] {
  const files = fs.readdirSync(path.join(ROOT, 'dist/compat'));
  return files.filter((file) => file !== 'plugin.min.js').map((file) => `dist/compat/${file}`);
}

/** The text of an injected file with the arguments that the injector writes at its end: the configuration comes first. */
export function configured(text: string, ...args: string[]): string {
  return text.replace(/\{\}\);\s*$/, () => `${args.join()});\n`);
}

/** A copy of the injected file in a temporary folder, with a configuration and optionally as another version. */
export function copyOfBundle(changes: { config?: object; version?: string }): string {
  let text = fs.readFileSync(BUNDLE, 'utf8');
  if (changes.config) text = configured(text, JSON.stringify(changes.config));
  if (changes.version) {
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    text = text.split(`"${version}"`).join(`"${changes.version}"`);
  }
  return path.join(temporaryFolder({ 'compat.js': text }), 'compat.js');
}
