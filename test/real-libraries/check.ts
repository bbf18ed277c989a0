/**
 * `npm run simulator:check`: runs the same scripts on real base libraries and on the rows of the simulator that play
 * them, and prints every difference in what pages and servers see; then compares contents that both send byte by byte.
 * `--record` writes down what the libraries did.
 */
import { differences } from './compare';
import type { Difference } from './compare';
import { reasonFor } from './known-differences';
import { deliverAll, isFaithful } from './deliveries';
import type { Deliveries } from './deliveries';
import { isLaidOut, LIBRARIES, librariesFolder, presenceOf } from './libraries';
import type { Library } from './libraries';
import { openReal, openSimulated } from './observe';
import type { Observation, Platform } from './observe';
import { realPhone, simulatedPhone } from './phones';
import { writeRecorded, writeRecordedDeliveries } from './recorded';
import type { RecordedDeliveries } from './recorded';
import { groupsOf } from './scripts';

const PLATFORMS = ['android', 'ios'] as const;

/** Longest value that is printed whole. */
const MAX_SHOWN_LENGTH = 160;

/** Counts of one library on one platform. */
interface Totals {
  unexplained: number;
  explained: number;
}

function list(): void {
  for (const library of LIBRARIES) {
    for (const [name, sum] of Object.entries(library.files)) {
      console.log(
        `${library.version.padEnd(7)} ${name.padEnd(13)} sha256 ${sum}  ${presenceOf(library, name)}`,
      );
    }
    if (library.note) console.log(`        ${library.note}`);
  }
}

function print(
  library: Library,
  platform: Platform,
  script: string,
  found: Difference[],
  reason?: string,
): void {
  console.log(
    `${reason ? 'known' : 'DIFFERS'}  ${library.version} ${platform}  ${script}${reason ? `: ${reason}` : ''}`,
  );
  if (reason) return;
  for (const { place, real, simulated } of found) {
    console.log(`    ${place}\n      real       ${shown(real)}\n      simulator  ${shown(simulated)}`);
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

/** Runs every script on both; the scripts of one group share a host on each side. */
async function compare(
  library: Library,
  platform: Platform,
): Promise<Totals & { real: Map<string, Observation> }> {
  const observed = new Map<string, Observation>();
  const totals = { unexplained: 0, explained: 0 };
  for (const group of groupsOf(library)) {
    const real = await openReal(library, platform, group);
    const simulated = await openSimulated(library, platform, group);
    for (const script of group.scripts) {
      const seen = await real.observe(script);
      observed.set(script.name, seen);
      const found = differences(seen, await simulated.observe(script));
      if (found.length === 0) continue;
      const reason = reasonFor(script.name, library.version, platform);
      totals[reason ? 'explained' : 'unexplained']++;
      print(library, platform, script.name, found, reason);
    }
    await real.close();
    await simulated.close();
  }
  return { ...totals, real: observed };
}

/** Sends contents of many lengths from both, and compares what became of them. */
async function compareDeliveries(
  library: Library,
  platform: Platform,
): Promise<{ unfaithful: number; real: Deliveries }> {
  const real = await deliverAll(() => realPhone(library, platform));
  const simulated = await deliverAll(() => simulatedPhone(library, platform));
  const found = differences(real, simulated);
  if (found.length > 0) print(library, platform, 'contents, byte by byte', found);
  const lost = Object.values(real).flatMap((contents) =>
    Object.entries(contents).filter(([, delivery]) => !isFaithful(delivery)),
  );
  for (const [name, delivery] of lost) {
    console.log(`NOT AS IT WAS  ${library.version} ${platform}  ${name}: ${shown(delivery)}`);
  }
  return { unfaithful: found.length + lost.length, real };
}

const countOf = (deliveries: Deliveries): string =>
  Object.entries(deliveries)
    .map(([route, contents]) => `${Object.keys(contents).length} by ${route}`)
    .join(', ');

async function main(args: string[]): Promise<void> {
  list();
  const folder = librariesFolder();
  if (folder === undefined) {
    console.log(
      '\nSkipped: let BASELIBS name a folder with one folder for each version, such as 2.11.0/WAService.js.',
    );
    return;
  }
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const libraries = LIBRARIES.filter(
    (library) => isLaidOut(library) && (wanted.length === 0 || wanted.includes(library.version)),
  );
  if (libraries.length === 0) console.log(`\nSkipped: ${folder} holds none of them.`);
  const lines: string[] = [];
  const deliveries: Partial<RecordedDeliveries> = {};
  for (const library of libraries) {
    const observations: Partial<Record<Platform, Map<string, Observation>>> = {};
    for (const platform of PLATFORMS) {
      const { unexplained, explained, real } = await compare(library, platform);
      observations[platform] = real;
      lines.push(
        `${library.version.padEnd(7)} ${platform.padEnd(8)} ${real.size} scripts, ${explained} known differences, ${unexplained} others`,
      );
      const contents = await compareDeliveries(library, platform);
      (deliveries[library.version] ??= {} as Record<Platform, Deliveries>)[platform] = contents.real;
      lines.push(
        `${' '.repeat(17)}${contents.unfaithful === 0 ? 'each' : 'NOT each'} content byte by byte as it was, or its call unpaid: ${countOf(contents.real)}`,
      );
      if (unexplained + contents.unfaithful > 0) process.exitCode = 1;
    }
    if (args.includes('--record')) {
      writeRecorded(library.version, observations as Record<Platform, Map<string, Observation>>);
    }
  }
  if (args.includes('--record') && libraries.length === LIBRARIES.length) {
    writeRecordedDeliveries(deliveries as RecordedDeliveries);
  }
  console.log(`\n${lines.join('\n')}`);
}

void main(process.argv.slice(2));
