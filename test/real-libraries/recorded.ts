/** What the real libraries were seen to do: facts that the simulator is held to also where no library is laid out. */
import fs from 'node:fs';
import path from 'node:path';
import type { Deliveries } from './deliveries';
import type { Version } from './libraries';
import type { Observation, Platform } from './observe';

/** Observations by the script's name; of one platform where android and ios differ. */
type Recorded = Record<string, Observation | Record<Platform, Observation>>;

const fileOf = (version: Version): string => path.join(__dirname, 'recorded', `${version}.json`);

const isOne = (entry: Recorded[string]): entry is Observation => 'events' in entry;

/** Reads the observations of one version and platform, by the script's name. */
export function readRecorded(version: Version, platform: Platform): Map<string, Observation> {
  const recorded = JSON.parse(fs.readFileSync(fileOf(version), 'utf8')) as Recorded;
  return new Map(
    Object.entries(recorded).map(([name, entry]) => [name, isOne(entry) ? entry : entry[platform]] as const),
  );
}

/** Writes them, one script a line, so that a change of one is seen as one. */
export function writeRecorded(
  version: Version,
  observations: Record<Platform, Map<string, Observation>>,
): void {
  const lines = [...observations.android].map(([name, android]) => {
    const ios = observations.ios.get(name) as Observation;
    const same = JSON.stringify(android) === JSON.stringify(ios);
    return `${JSON.stringify(name)}: ${JSON.stringify(same ? android : { android, ios })}`;
  });
  fs.mkdirSync(path.dirname(fileOf(version)), { recursive: true });
  fs.writeFileSync(fileOf(version), `{\n${lines.join(',\n')}\n}\n`);
}

/** What became of contents, by version and platform. */
export type RecordedDeliveries = Record<Version, Record<Platform, Deliveries>>;

const DELIVERIES = path.join(__dirname, 'recorded/deliveries.json');

export const readRecordedDeliveries = (): RecordedDeliveries =>
  JSON.parse(fs.readFileSync(DELIVERIES, 'utf8')) as RecordedDeliveries;

export function writeRecordedDeliveries(deliveries: RecordedDeliveries): void {
  fs.writeFileSync(DELIVERIES, `${JSON.stringify(deliveries, undefined, 1)}\n`);
}
