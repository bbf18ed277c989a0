import { injectProject } from '../../src/inject';
import { temporaryFolder } from '../support/files';
import { command } from '../support/command';

const doctor = async (files: Record<string, string>, inject?: string) => {
  const root = temporaryFolder(files);
  if (inject !== undefined) injectProject(`${root}/${inject}`);
  const { out, code } = await command('doctor', root, '--json');
  const diagnosis = JSON.parse(out);
  return { ...diagnosis, code, texts: diagnosis.findings.map(({ text }: { text: string }) => text) };
};

const dependsOn = (name: string) => JSON.stringify({ devDependencies: { [name]: '1.0.0' } });
const PLUGIN = "import { serviceMarket } from 'miniprogram-servicemarket/unplugin';";

describe('doctor in the root of a framework’s project', () => {
  test.each([
    ['Taro', '@tarojs/taro', 'config/index.ts', 'docs/en/inject-taro.md'],
    ['uni-app', '@dcloudio/uni-app', 'vite.config.js', 'docs/en/inject-uni-app.md'],
    ['mpx', '@mpxjs/core', 'vue.config.js', 'docs/en/inject-mpx.md'],
    ['weapp-vite', 'weapp-vite', 'vite.config.mts', 'docs/en/inject-weapp-vite.md'],
  ])('%s: says where the plugin goes, and that nothing is built', async (name, dependency, config, guide) => {
    const project = {
      'package.json': dependsOn(dependency),
      'project.config.json': '{"miniprogramRoot":"dist/"}',
    };
    const { code, framework, packageRoots, texts } = await doctor({
      ...project,
      [config]: 'export default {}',
    });
    expect({ code, framework, packageRoots }).toEqual({ code: 1, framework: { name }, packageRoots: [] });
    expect(texts[0]).toBe(
      `The build of ${name} does not inject: add the bundler plugin to ${config} (${guide}).`,
    );
    expect(texts[1]).toContain(`build the mini-program with ${name}`);
    const configured = await doctor({ ...project, [config]: PLUGIN });
    expect(configured.code).toBe(0);
    expect(configured.texts[0]).toMatch(/^Nothing is built yet/);
  });

  test('looks at what was built, and asks for a build where that is older', async () => {
    const project = {
      'package.json': dependsOn('@dcloudio/uni-app'),
      'vite.config.js': PLUGIN,
      'dist/build/mp-weixin/app.json': '{"servicemarket":true}',
      'dist/build/mp-weixin/app.js': '',
    };
    const stale = await doctor(project);
    expect(stale.framework).toEqual({ name: 'uni-app', output: 'dist/build/mp-weixin' });
    expect(stale).toMatchObject({ code: 1, packageRoots: [{ manifest: 'app.json', isEnabled: true }] });
    expect(stale.texts[0]).toBe(
      'The build is older than the plugin or the configuration: build with uni-app again.',
    );
    const current = await doctor(project, 'dist/build/mp-weixin');
    expect(current.code).toBe(0);
    expect(current.packageRoots[0].sites[0].state).toBe('current');
  });

  test('is told of by the tables', async () => {
    const root = temporaryFolder({ 'package.json': dependsOn('@mpxjs/core') });
    expect((await command('doctor', root)).out).toMatch(/^Found\nframework: mpx \(not built yet\)\n/);
  });

  test('a project without a framework stays an error where nothing is packed', async () => {
    const root = temporaryFolder({ 'package.json': dependsOn('lodash') });
    expect(await command('doctor', root)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Failed to find the project'),
    });
  });
});
