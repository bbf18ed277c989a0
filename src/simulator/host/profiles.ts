/** What each base library gives to pages (protocol 13; rows marked * there are assumed). */
export interface Profile {
  /** The row's name, as given to `createHost`. */
  row: string;
  /** `SDKVersion` that pages read. */
  sdkVersion: string;
  uploadToCommonCDN: boolean;
  fileSystem: boolean;
  cloud: boolean;
  plugins: boolean;
  requireMiniProgram: boolean;
  serviceMarketInPlugins: boolean;
  /**
   * The form of the host's own `wx.serviceMarket`: `text` is 2.11.0's with `data` left as text (2.9.4),
   * `bare` is 2.11.0's, `scenes` is 2.30.3's.
   */
  serviceMarket: 'none' | 'text' | 'bare' | 'scenes';
  /** Whether `wx.operateWXData` passes its own argument's fields on and takes broken replies for success. */
  looseBridge: boolean;
  /** Whether an ArrayBuffer may be the body of `wx.request`. */
  binaryRequest: boolean;
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
  plugins: false,
  requireMiniProgram: false,
  serviceMarketInPlugins: false,
  serviceMarket: 'none',
  looseBridge: true,
  binaryRequest: false,
  chooseMedia: false,
  promises: false,
  fileQuota: 10 * 1024 * 1024,
};

/** Each row adds to the one before it. */
const STEPS: [row: string, added: Partial<Profile>][] = [
  ['1.6.0', {}],
  ['1.9.6', { plugins: true, binaryRequest: true }],
  ['2.2.3', { fileSystem: true, cloud: true }],
  ['2.8.3', {}],
  ['2.9.4', { serviceMarket: 'text' }],
  ['2.10.0', { serviceMarket: 'bare', chooseMedia: true }],
  ['2.11.0', { promises: true }],
  ['2.11.1', { requireMiniProgram: true, serviceMarketInPlugins: true }],
  [
    '2.30.3',
    { serviceMarket: 'scenes', uploadToCommonCDN: true, looseBridge: false, fileQuota: 200 * 1024 * 1024 },
  ],
  ['newest', { sdkVersion: '3.8.0' }],
];

/** The rows of the table, oldest first. */
export const PROFILES: Profile[] = STEPS.reduce<Profile[]>((rows, [row, added]) => {
  const before = rows[rows.length - 1] ?? OLDEST;
  return [...rows, { ...before, row, sdkVersion: row, ...added }];
}, []);

/**
 * The profile of a row.
 *
 * @throws Error that lists the rows when there is none of that name
 */
export function profileOf(row: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.row === row);
  if (profile) return profile;
  const rows = PROFILES.map((candidate) => candidate.row).join(', ');
  throw new Error(`Failed to create a host: base library '${row}' is unknown. Use one of ${rows}.`);
}

/** Whether a host of this row has what came with a base library version. */
export function reaches({ sdkVersion }: Profile, version: string): boolean {
  const own = sdkVersion.split('.').map(Number);
  const wanted = version.split('.').map(Number);
  const differing = own.findIndex((part, index) => part !== wanted[index]);
  return differing < 0 || own[differing]! > wanted[differing]!;
}
