import { text } from '../../texts';
import { Failure } from '../failure';
import { formatTable } from '../output';
import type { Output } from '../output';
import { fetchPackages, findFetched, listFetched } from './packages';

/** Of all packages that are fetched, those below this many bytes are told as a sum. */
const LARGE_BYTES = 100_000;

/**
 * Asks before it fetches anything.
 *
 * @returns the folder with what the demo and the playground need, fetched where it is not there yet
 * @throws Failure where nobody can be asked, or the answer is no
 */
export async function providePackages({ yes }: { yes?: boolean }, output: Output): Promise<string> {
  const present = findFetched();
  if (present !== undefined) return present;
  const { folder, packages } = listFetched();
  const total = megabytes(packages.reduce((sum, { bytes }) => sum + bytes, 0));
  output.err(text('demoNeeds', { total, folder }));
  output.err(formatPackages(packages));
  if (!yes && !output.ask) throw new Failure(text('demoSayYes'));
  if (!yes && !(await output.ask?.(text('demoAsk')))) throw new Failure(text('demoRefused'));
  output.err(text('demoFetching'));
  return fetchPackages();
}

function formatPackages(packages: ReturnType<typeof listFetched>['packages']): string {
  const large = packages.filter(({ bytes }) => bytes >= LARGE_BYTES);
  const small = packages.filter(({ bytes }) => bytes < LARGE_BYTES);
  const rest = small.reduce((sum, { bytes }) => sum + bytes, 0);
  return formatTable([
    ...large
      .sort((one, other) => other.bytes - one.bytes)
      .map(({ name, version, bytes }) => [`  ${name} ${version}`, megabytes(bytes)]),
    [`  ${text('demoSmall', { count: small.length })}`, megabytes(rest)],
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
