import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createHost } from '../../src/simulator';
import { describeWith, toolchain } from '../toolchain/installed';
import { installPacked } from '../support/installed-package';
import { readFiles, temporaryFolder } from '../support/files';

const ROOT = resolve(__dirname, '../..');

describeWith('miniprogram-ci', '"Build npm" of a project that depends on the packed tarball', () => {
  test('puts a package there that works, and nothing else', async () => {
    const project = temporaryFolder({
      'package.json': JSON.stringify({ dependencies: { 'miniprogram-servicemarket': '*' } }),
      'miniprogram/app.json': '{"pages":["a"]}',
      'miniprogram/app.js': 'App({})',
      'miniprogram/a.js': "Page({ market: require('miniprogram-servicemarket') })",
    });
    installPacked(project);

    const packer = join(toolchain('miniprogram-ci'), 'pack-npm.cjs');
    execFileSync(process.execPath, [packer, join(project, 'package.json'), join(project, 'miniprogram')]);
    const npm = join(project, 'miniprogram/miniprogram_npm');
    const built = Object.keys(readFiles(npm));
    expect(built).toEqual(
      Object.keys(readFiles(join(ROOT, 'miniprogram_dist'))).map(
        (path) => `miniprogram-servicemarket/${path}`,
      ),
    );

    const host = createHost({ sdkVersion: '2.8.3' });
    host.boot(join(project, 'miniprogram'));
    const page = host.show('a');
    const { data } = await host.clock.until<{ data: unknown }>(
      page.market.invokeService({ service: 'wx1', api: 'echo', data: { text: 'there and back' } }),
    );
    expect(JSON.stringify(data)).toBe('{"text":"there and back"}');
    await host.close();
  });
});
