/** The uniCloud function as `init unicloud` writes it, in a fake uniCloud, over a simulated platform server. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initUnicloud } from '../../../src/inject';
import { createPlatformServer } from '../../../src/simulator';
import type { HostOptions, PlatformOptions, PlatformServer } from '../../../src/simulator';
import { cleanUpAfterTest, setEnvironment } from '../../support/cleanup';
import { openPage, type PageHost } from '../../support/hosts';
import type { Any } from '../../support/outcomes';
import { SERVICES } from './backend';
import { FakeUniCloud, type Provider } from './fake-unicloud';
import { temporaryFolder } from '../../support/files';

export const SECRET = 'app-secret';
export const ACCOUNT = { appid: 'wxapp', secret: SECRET };
export const CONFIG_CENTER = `module.exports = ({ pluginId }) =>
  ({ config: () => (pluginId === 'servicemarket' ? ${JSON.stringify(ACCOUNT)} : {}) });`;

export interface Deployment {
  cloud: FakeUniCloud;
  platform: PlatformServer;
  /** A host whose `wx.login` gives codes of `user`, with a page that imports the package. */
  page(config?: object, options?: HostOptions, user?: string): PageHost;
}

export interface DeployOptions {
  provider?: Provider;
  /** Over those of the template. */
  settings?: object;
  /** Sources of common modules by their names. @default uni-config-center with the account */
  modules?: Record<string, string>;
  /** Files that the owner has put beside the script. */
  files?: Record<string, string>;
  platform?: Partial<PlatformOptions>;
}

/** Writes, fills in and loads the function; all of it ends with the test. */
export async function deployUnicloud({
  provider = 'aliyun',
  settings = {},
  modules = { 'uni-config-center': CONFIG_CENTER },
  files = {},
  platform: changes = {},
}: DeployOptions = {}): Promise<Deployment> {
  const platform = await createPlatformServer({ ...ACCOUNT, ...changes });
  cleanUpAfterTest(() => platform.close());
  const cloud = await FakeUniCloud.open(provider);
  cloud.main = load(writeFunction(settings, modules, files), cloud, platform.origin);
  return {
    cloud,
    platform,
    page(config = {}, options = {}, user = 'ann') {
      const login = (): string => platform.issueCode(user);
      const host = openPage(
        { clock: 'real', bridge: 'absent', upload: 'absent', login, ...options },
        { channels: ['relay'], relay: { url: cloud.url }, ...config },
      );
      cleanUpAfterTest(() => host.close());
      return host;
    },
  };
}

function writeFunction(
  settings: object,
  modules: Record<string, string>,
  files: Record<string, string>,
): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'uniCloud-aliyun/cloudfunctions'), { recursive: true });
  const { folder } = initUnicloud(root);
  const own = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...own, services: SERVICES, ...settings }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const [name, source] of Object.entries(modules)) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), source);
  }
  return folder;
}

/** Loads the function with nothing but what its cloud gives it. */
function load(folder: string, { api }: FakeUniCloud, origin: string): FakeUniCloud['main'] {
  const globals = globalThis as Any;
  setEnvironment({ WX_API_URL: origin });
  globals.uniCloud = api;
  cleanUpAfterTest(() => delete globals.uniCloud);
  let main: FakeUniCloud['main'] | undefined;
  jest.isolateModules(() => ({ main } = jest.requireActual<Any>(join(folder, 'index.js'))));
  return main as FakeUniCloud['main'];
}
