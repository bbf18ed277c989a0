/** A copy of the checkout whose sources may be changed; packages are linked. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Writes what git tracks, as it is now, and what is built, to a new folder; the caller removes it. */
export function copyCheckout(root: string): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'servicemarket-mutants-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of tracked.split('\0')) {
    if (!file || !fs.existsSync(path.join(root, file))) continue;
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(copy, file));
  }
  const packages = path.join(root, 'node_modules');
  fs.mkdirSync(path.join(copy, 'node_modules'));
  for (const name of fs.readdirSync(packages)) {
    // What the build keeps there belongs to one checkout.
    if (name === '.cache') continue;
    fs.symlinkSync(path.join(packages, name), path.join(copy, 'node_modules', name));
  }
  return copy;
}
