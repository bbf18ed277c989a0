/** Set-up of test files: writes down which marked functions ran in them, in every realm (`markFunctions`). */
import fs from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { MARK } from './functions';

const session = new inspector.Session();
session.connect();
session.post('Debugger.enable');
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const pattern = new RegExp(`["']${MARK}([^"']+#(\\d+))["']`, 'g');

/** The function that starts at a place of a script; the same script is loaded many times. */
const known = new Map<string, Map<number, string | undefined>>();

function markAt(script: string, start: number, end: number): string | undefined {
  const marks = known.get(script) ?? new Map<number, string | undefined>();
  known.set(script, marks);
  if (!marks.has(start)) marks.set(start, ownMark(script.slice(start, end)));
  return marks.get(start);
}

/** Functions within a function have marks too, those among its parameters even before its own; but it starts first. */
function ownMark(script: string): string | undefined {
  const marks = [...script.matchAll(pattern)].sort(([, , one], [, , other]) => Number(one) - Number(other));
  return marks[0]?.[1];
}

function sourceOf(scriptId: string): string {
  let source = '';
  session.post('Debugger.getScriptSource', { scriptId }, (_error, found) => {
    source = found?.scriptSource ?? '';
  });
  return source;
}

afterAll(() => {
  const ran = new Set<string>();
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    for (const { scriptId, url, functions } of result) {
      if (url.startsWith('node:') || url.includes('/node_modules/')) continue;
      const source = sourceOf(scriptId);
      if (!source.includes(MARK)) continue;
      for (const { ranges } of functions) {
        const [{ startOffset, endOffset, count }] = ranges;
        const mark = count > 0 ? markAt(source, startOffset, endOffset) : undefined;
        if (mark) ran.add(mark);
      }
    }
  });
  session.disconnect();
  const { testPath } = expect.getState();
  const file = path.relative(process.cwd(), testPath!);
  fs.writeFileSync(
    path.join(process.env.FUNCTIONS_RECORD!, `${file.replace(/\W/g, '_')}.json`),
    JSON.stringify({ file, ran: [...ran] }),
  );
});
