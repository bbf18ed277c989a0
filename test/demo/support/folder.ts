import { readdirSync } from 'node:fs';
import { cleanUpAfterTest } from '../../support/cleanup';
import { temporaryFolder } from '../../support/files';

/** A folder for the demo to work in, as TMPDIR; the test fails where something is left in it. */
export function folderThatStaysEmpty(): string {
  const folder = temporaryFolder();
  cleanUpAfterTest(() => expect(readdirSync(folder)).toEqual([]));
  return folder;
}
