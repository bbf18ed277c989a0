import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT = 60_000;

/**
 * An engine that is a command: it runs a file and has `print`. It has no Promise of its own, so the script's
 * steps need no jobs of the engine.
 */
export function commandEngine(engine, command, aptPackage) {
  return {
    name: engine,
    missing: () =>
      spawnSync(command, [], { input: '', timeout: TIMEOUT }).error
        ? `${command} is not installed: apt-get install ${aptPackage}`
        : undefined,
    async run(script) {
      const folder = mkdtempSync(join(tmpdir(), 'servicemarket-conformance-'));
      const file = join(folder, 'cases.js');
      const loop =
        'for (var report, i = 0; report === undefined && i < 20000; i++) report = step(); print(report);';
      try {
        writeFileSync(file, `${script}\n${loop}\n`);
        const { stdout } = await execute(command, [file], { timeout: TIMEOUT, maxBuffer: 1 << 24 });
        return JSON.parse(stdout);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}
