/** Names of test/support under which this folder's suites know them. */
import fs from 'node:fs';
import path from 'node:path';
import { copyOfBundle } from '../support/built';

export { BUNDLE, BUNDLES, IMPORTED, variants } from '../support/built';
export { ROOT } from '../support/files';
export { callsOf, FILES, messagesOf, openInjectedHost as shimmed } from '../support/hosts';
export { type Any, outcomeOnHost as outcomeOf, plain } from '../support/outcomes';

/** Another copy of the injected file, in a folder of the caller. */
export function copyOf(folder: string, changes: { config?: object; version?: string }): string {
  const file = path.join(folder, `copy-${Math.random().toString(36).slice(2)}.js`);
  fs.copyFileSync(copyOfBundle(changes), file);
  return file;
}
