import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import type { SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { describeWith } from '../../toolchain/installed';
import { readFiles } from '../../support/files';
import { buildFixture } from '../../support/build-fixture';
import { copiesAreIntact, printed, startHost } from './support/run-build';

/** The source that a script's map gives for the place of a text in it. */
function originalOf(dist: string, script: string, text: string): string {
  const code = readFileSync(join(dist, script), 'utf8');
  const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(code)?.[1] ?? '';
  const inline = /^data:.*?;base64,(.*)$/.exec(url)?.[1];
  const json = inline
    ? Buffer.from(inline, 'base64').toString()
    : readFileSync(join(dist, script, '..', url), 'utf8');
  const map = JSON.parse(json) as SourceMapPayload & { sourcesContent: string[] };
  const lines = code.slice(0, code.indexOf(text)).split('\n');
  const entry = new SourceMap(map).findEntry(lines.length - 1, lines[lines.length - 1].length);
  if (!('originalSource' in entry)) return '';
  const source = map.sourcesContent[map.sources.indexOf(entry.originalSource)];
  return source.split('\n')[entry.originalLine].slice(entry.originalColumn);
}

describeWith('bundlers', 'built with', () => {
  test.each([
    ['vite 7', 'vite', ['node_modules/vite/bin/vite.js', 'build']],
    ['vite 8', 'vite', ['node_modules/vite-8/bin/vite.js', 'build']],
    ['rollup', 'rollup', ['node_modules/rollup/dist/bin/rollup', '-c']],
    ['rolldown', 'rolldown', ['node_modules/rolldown/bin/cli.mjs', '-c', 'rolldown.config.mjs']],
    ['webpack 4', 'webpack-4', ['build.mjs']],
    ['webpack 5', 'webpack', ['build.mjs']],
    ['rspack', 'rspack', ['build.mjs']],
    ['esbuild', 'esbuild', ['build.mjs']],
  ])('%s: the shim runs first, the call works, source maps stay right', async (_name, fixture, command) => {
    const dist = join(buildFixture(['app', fixture], 'bundlers', command), 'dist');
    const { subpackages } = JSON.parse(readFiles(dist)['app.json']);
    expect(subpackages).toEqual([
      { entry: 'servicemarket-compat.js', root: 'ind', independent: true, pages: ['p/p'] },
    ]);

    const host = startHost();
    host.boot(dist);
    const page = host.show('pages/ocr/ocr');
    await host.clock.run();
    expect(page.data.text).toBe('read picture');
    expect(new Set(printed(host, 'ran'))).toEqual(
      new Set(['util function', 'app function', 'page function']),
    );

    const alone = startHost();
    alone.load(join(dist, 'ind/p/p.js'));
    expect(printed(alone, 'ran')).toEqual(['independent function']);

    expect(copiesAreIntact(dist)).toBe(true);
    expect(originalOf(dist, 'app.js', 'ORIGINAL_APP')).toMatch(/^['"]?ORIGINAL_APP/);
  });
});
