/** What the function uses of the cloud's own package. */
declare module 'wx-server-sdk' {
  import type { CloudSdk } from './cloud-sdk';

  const cloud: CloudSdk & { DYNAMIC_CURRENT_ENV: symbol; init(options: { env: symbol }): void };
  export default cloud;
}
