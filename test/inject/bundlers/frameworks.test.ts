import { join } from 'node:path';
import type { Host } from '../../../src/simulator';
import { describeWith } from '../../toolchain/installed';
import { readFiles } from '../../support/files';
import { buildFixture } from '../../support/build-fixture';
import { copiesAreIntact, printed, startHost } from './support/run-build';

function start(): Host {
  const host = startHost();
  // What frameworks' runtimes use beside the shim, and the simulator has no need of.
  host.script('var global = {}; function Component() {} function Behavior() {}');
  return host;
}

/** The shim is there before any code of the build's, wherever the mini-program is entered. */
function expectShimFirst(dist: string, host: Host, names: string[]): void {
  expect(printed(host, 'ran')).toEqual(expect.arrayContaining(names.map((name) => `${name} function`)));
  expect(printed(host, 'ran').filter((line) => !line.endsWith(' function'))).toEqual([]);
  const { subPackages, subpackages = subPackages } = JSON.parse(readFiles(dist)['app.json']);
  expect(subpackages[0]).toMatchObject({ root: 'ind', independent: true, entry: 'servicemarket-compat.js' });
  expect(copiesAreIntact(dist)).toBe(true);
  const alone = start();
  alone.load(join(dist, 'ind/p/p.js'));
  expect(printed(alone, 'ran')).toEqual(['independent function']);
}

describeWith('weapp-vite', 'built with weapp-vite', () => {
  test('the shim runs first and the call works', async () => {
    const command = ['node_modules/weapp-vite/bin/weapp-vite.js', 'build'];
    const dist = join(buildFixture(['app', 'weapp-vite'], 'weapp-vite', command), 'dist');
    const host = start();
    host.boot(dist);
    const page = host.show('pages/ocr/ocr');
    await host.clock.run();
    expect(page.data.text).toBe('read picture');
    expectShimFirst(dist, host, ['util', 'app', 'page']);
  });
});

describeWith('uni-app', 'built with uni-app', () => {
  test('the shim runs first and the call works', async () => {
    const command = ['node_modules/@dcloudio/vite-plugin-uni/bin/uni.js', 'build', '-p', 'mp-weixin'];
    const dist = join(buildFixture(['uni-app'], 'uni-app', command), 'dist/build/mp-weixin');
    const host = start();
    host.boot(dist);
    await host.clock.run();
    expect(printed(host, 'text')).toEqual(['read picture']);
    expectShimFirst(dist, host, ['util', 'app', 'page']);
  });
});

describeWith('taro', 'built with Taro', () => {
  test('the shim runs first and the call works', async () => {
    const command = ['node_modules/@tarojs/cli/bin/taro', 'build', '--type', 'weapp'];
    const dist = join(buildFixture(['taro'], 'taro', command), 'dist');
    const host = start();
    host.boot(dist);
    await host.clock.run(1000);
    expect(printed(host, 'text')).toEqual(['read picture']);
    expectShimFirst(dist, host, ['util', 'app', 'page']);
  });
});

describeWith('mpx', 'built with mpx', () => {
  test('the shim runs first and the call works', async () => {
    const dist = join(buildFixture(['mpx'], 'mpx', ['build.cjs']), 'dist');
    const host = start();
    host.boot(dist);
    await host.clock.run(1000);
    expect(printed(host, 'text')).toEqual(['read picture']);
    expectShimFirst(dist, host, ['util', 'app', 'page']);
  });
});
