/** The playground and the command call a thing by the same Chinese word as the documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/files';

/** Words that were good enough, and their place: an answer, a bill, an id, to abort, what carries a call, a native call, a poll, a key of app.json. */
const OTHERS = /回包|应答|回复|扣费|扣了|标识|编号|中断调用|与中断|已中断|承载|本机调用|轮询|开关/;

/** Chinese lines of the sources below a folder. */
function linesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .flatMap((name) =>
      readFileSync(join(ROOT, folder, name), 'utf8')
        .split('\n')
        .map((line) => `${name}: ${line}`),
    )
    .filter((line) => /\p{Script=Han}/u.test(line));
}

test.each(['src/playground', 'src/texts', 'demo-miniprogram/run'])('in %s', (folder) => {
  const lines = linesOf(folder);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line) => OTHERS.test(line))).toEqual([]);
});
