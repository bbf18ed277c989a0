/** The cloud function that the package ships, in the cloud of a host, over a simulated platform server. */
import { createOpenApi } from '../../../src/openapi';
import { createPlatformServer } from '../../../src/simulator';
import type { Host, PlatformOptions, PlatformServer } from '../../../src/simulator';
import { cleanUpAfterTest } from '../../support/cleanup';
import type { Any } from '../../support/outcomes';
import { SERVICES } from './backend';
import { CLOUD } from './fake-function';

const { createHandler } = jest.requireActual<Any>('../../../src/functions/cloud-function/handler');
const { createCloudSdk } = jest.requireActual<Any>('../../../demo-miniprogram/run/cloud-sdk.js');

const ACCOUNT = { appid: 'wxapp', secret: 'app-secret' };

/** Starts the platform's server and puts the function into the host's cloud; the host needs the real clock. */
export async function deploy(
  host: Host,
  services: object = SERVICES,
  options: Partial<PlatformOptions> = {},
): Promise<PlatformServer> {
  const platform = await createPlatformServer({ ...ACCOUNT, ...options });
  cleanUpAfterTest(() => platform.close());
  const openApi = createOpenApi({ ...ACCOUNT, baseUrl: platform.origin, timeout: 5000 });
  const { sdk, run } = createCloudSdk({ openApi }, (fileID: string) => host.cloud.remove(fileID));
  const main = createHandler(sdk, { services, callsPerHour: 600 }, {}, __dirname);
  host.cloud.define(CLOUD.function, (event, { OPENID }) => run(OPENID, () => main(event)));
  return platform;
}
