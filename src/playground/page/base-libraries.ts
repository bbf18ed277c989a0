import { WITHOUT_MARKET } from '../engine/wire';
import { PROFILES } from '../../simulator/host/profiles';

/** The first base library that runs plugins, and the first with `wx.cloud`. */
export const PLUGINS_FROM = '1.9.6';
export const CLOUD_FROM = '2.2.3';

export interface Row {
  /** As `PhoneSettings.sdkVersion` has it. */
  name: string;
  version: string;
  /** What of `wx.serviceMarket` the platform itself has. */
  has: 'none' | 'some' | 'all';
}

const HAS = { none: 'none', v2_9: 'some', v2_11: 'some', v2_30: 'all' } as const;

/** What the phone may be, oldest first. */
export const ROWS: Row[] = [
  ...PROFILES.map(({ row, sdkVersion, serviceMarket }) => ({
    name: row,
    version: sdkVersion,
    has: HAS[serviceMarket],
  })),
  { name: WITHOUT_MARKET, version: PROFILES.at(-1)?.sdkVersion ?? '', has: 'none' },
];

/** Whether a row is at least as new as a version. */
export function reaches(name: string, version: string): boolean {
  const own = ROWS.find((row) => row.name === name)?.version ?? version;
  return own.localeCompare(version, 'en', { numeric: true }) >= 0;
}
