// Rows marked * in protocol 13 are assumed.
/** What each base library has for pages. */
export interface Profile {
  /** The row's name, as given to `createHost`. */
  row: string;
  /** `SDKVersion` that pages read. */
  sdkVersion: string;
  uploadToCommonCDN: boolean;
  fileSystem: boolean;
  cloud: boolean;
  /** The base library whose way it is to word failures of `wx.cloud`, and to send a call of a function again. */
  cloudFailures: 'v2_3' | 'v2_11' | 'v2_30';
  plugins: boolean;
  requireMiniProgram: boolean;
  /** What becomes of an assignment to a member of `wx`: it throws, is ignored, or replaces the member. */
  assignment: 'throws' | 'ignored' | 'replaces';
  /** Whether files can be written as components. */
  components: boolean;
  /** Text of the loader for a module that is not there. */
  missingModule: (name: string, request: string) => string;
  serviceMarketInPlugins: boolean;
  /** The base library whose `wx.serviceMarket` the host has; 2.9's is 2.11's with `data` of a result left as JSON text. */
  serviceMarket: 'none' | 'v2_9' | 'v2_11' | 'v2_30';
  /** `new` from 2.30 on: its engine has Proxy and modern built-ins, plugins are loaded and protected another way. */
  generation: 'old' | 'new';
  /** Whether `wx.operateWXData` forwards the fields of its own argument and reports broken replies as success. */
  looseBridge: boolean;
  /**
   * What becomes of an ArrayBuffer as the body of `wx.request`: its `bytes` are sent, or it becomes `text`, as an object
   * of JSON without members.
   */
  binaryRequest: 'bytes' | 'text';
  chooseMedia: boolean;
  /** Whether asynchronous members without callbacks return a promise. */
  promises: boolean;
  /** Bytes that one app may keep as files. */
  fileQuota: number;
}

const OLDEST: Omit<Profile, 'row' | 'sdkVersion'> = {
  uploadToCommonCDN: false,
  fileSystem: false,
  cloud: false,
  cloudFailures: 'v2_3',
  plugins: false,
  requireMiniProgram: false,
  assignment: 'throws',
  components: false,
  missingModule: (name) => `module "${name}" is not defined`,
  serviceMarketInPlugins: false,
  serviceMarket: 'none',
  generation: 'old',
  looseBridge: true,
  binaryRequest: 'text',
  chooseMedia: false,
  promises: false,
  fileQuota: 10 * 1024 * 1024,
};

/** Each row adds to the one before it. */
const STEPS: [row: string, added: Partial<Profile>][] = [
  ['1.6.0', {}],
  ['1.9.6', { plugins: true, binaryRequest: 'bytes', components: true }],
  [
    '2.2.3',
    {
      fileSystem: true,
      cloud: true,
      assignment: 'ignored',
      missingModule: (name) => `module "${name.replace(/\.js$/, '')}" is not defined`,
    },
  ],
  ['2.3.2', {}],
  ['2.8.3', { assignment: 'throws' }],
  ['2.9.4', { serviceMarket: 'v2_9' }],
  ['2.10.0', { serviceMarket: 'v2_11', chooseMedia: true }],
  ['2.11.0', { promises: true, cloudFailures: 'v2_11' }],
  ['2.11.1', { requireMiniProgram: true, serviceMarketInPlugins: true }],
  [
    '2.30.3',
    {
      generation: 'new',
      assignment: 'replaces',
      missingModule: (name, request) => `module '${name}' is not defined, require args is '${request}'`,
      serviceMarket: 'v2_30',
      uploadToCommonCDN: true,
      cloudFailures: 'v2_30',
      looseBridge: false,
      fileQuota: 200 * 1024 * 1024,
    },
  ],
  ['newest', { sdkVersion: '3.8.0' }],
];

/** The rows of the table, oldest first. */
export const PROFILES: Profile[] = STEPS.reduce<Profile[]>((rows, [row, added]) => {
  const before = rows[rows.length - 1] ?? OLDEST;
  return [...rows, { ...before, row, sdkVersion: row, ...added }];
}, []);

const NEWEST = /^(newest|latest|trial)$/;

/**
 * The profile of a base library: the newest row that is not above it, with the version that was asked for.
 *
 * @param version - as `2.9.0`, or `newest`; the developer tools write `latest` or `trial`
 * @throws Error that lists the rows for what is no version, or is older than all of them
 */
export function profileOf(version: string): Profile {
  const newest = PROFILES[PROFILES.length - 1]!;
  if (NEWEST.test(version)) return newest;
  const below = /^\d+\.\d+\.\d+$/.test(version)
    ? PROFILES.filter(({ sdkVersion }) => reaches({ sdkVersion: version }, sdkVersion))
    : [];
  const row = below[below.length - 1];
  if (row) return { ...row, sdkVersion: version };
  const rows = PROFILES.map((candidate) => candidate.row).join(', ');
  throw new Error(
    `Failed to create a host: base library '${version}' is unknown. Use one of ${rows}, or a version between them.`,
  );
}

/** Whether a row is at least as new as a base library version. */
export function reaches({ sdkVersion }: Pick<Profile, 'sdkVersion'>, version: string): boolean {
  const own = sdkVersion.split('.').map(Number);
  const wanted = version.split('.').map(Number);
  const differing = own.findIndex((part, index) => part !== wanted[index]);
  return differing < 0 || own[differing]! > wanted[differing]!;
}
