/** Where the simulator differs from a real library on purpose, or cannot be like it, each with the reason. */
import type { Version } from './libraries';
import type { Platform } from './observe';

export interface KnownDifference {
  /** The scripts that show it. */
  script: RegExp;
  /** @default all */
  versions?: Version[];
  /** @default both */
  platforms?: Platform[];
  reason: string;
}

const TIMED_PROMISES =
  'the Promise of these libraries runs its reactions by timers; the simulator has the one of its engine';

export const KNOWN_DIFFERENCES: KnownDifference[] = [
  {
    script: /^environment: typeof define$/,
    reason: 'files are loaded by the simulator itself, so nothing has to define modules',
  },
  {
    script: /^members: typeof chooseMedia$/,
    versions: ['1.6.0', '2.3.2'],
    reason: 'it is there before the version that documents it (2.10.0), and pages may not count on that',
  },
  { script: /^environment: order of timer and promise$/, versions: ['1.6.0'], reason: TIMED_PROMISES },
  {
    script: /^environment: order of timer and promise$/,
    versions: ['2.3.2', '2.11.0', '2.30.3'],
    platforms: ['ios'],
    reason: TIMED_PROMISES,
  },
];

/** The reason for which a script may differ; undefined where it may not. */
export function reasonFor(script: string, version: Version, platform: Platform): string | undefined {
  return KNOWN_DIFFERENCES.find(
    (known) =>
      known.script.test(script) &&
      (known.versions ?? [version]).includes(version) &&
      (known.platforms ?? [platform]).includes(platform),
  )?.reason;
}
