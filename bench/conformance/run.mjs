import * as chromium from './engines/chromium.mjs';
import { commandEngine } from './engines/command.mjs';
import * as quickjs from './engines/quickjs.mjs';
import * as v8 from './engines/v8.mjs';
import { assemble, bundles } from './assemble.mjs';

/**
 * Runs the recorded vectors and the self-check on every built file in several JavaScript engines.
 * `--json` prints `[{engine, bundle, passed, failed, skipped}]`, where the last three are counts; the exit code
 * is 1 when a case failed. An engine that is not installed is skipped, with the line that installs it; with
 * `--every-engine` that is a failure. An engine's name as argument (`MuJS`) runs that one alone.
 */
const engines = [
  v8,
  quickjs,
  commandEngine('MuJS', 'mujs', 'mujs'),
  commandEngine('Duktape', 'duk', 'duktape'),
  chromium,
];
const [only] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isJson = process.argv.includes('--json');
const needsEvery = process.argv.includes('--every-engine');
const rows = [];

for (const engine of engines.filter(({ name }) => !only || name.includes(only))) {
  const missing = engine.missing();
  if (missing && needsEvery) {
    console.error(`${engine.name} is not there: ${missing}`);
    process.exitCode = 1;
  }
  for (const bundle of bundles()) {
    const row = { engine: engine.name, bundle: bundle.file, passed: 0, failed: 0, skipped: 0 };
    rows.push(row);
    if (missing) {
      row.reason = missing;
      continue;
    }
    const { passed, failed, skipped } = await engine.run(assemble(bundle));
    Object.assign(row, { passed, failed: failed.length, skipped: skipped.length });
    for (const { name, message } of failed)
      console.error(`${engine.name}, ${bundle.file}, ${name}: ${message}`);
    const reasons = [...new Set(skipped.map(({ reason }) => reason))];
    if (reasons.length) row.reason = reasons.join('; ');
  }
  await engine.close?.();
}

if (isJson) console.log(JSON.stringify(rows));
else console.table(rows);
if (rows.some(({ failed }) => failed > 0)) process.exitCode = 1;
