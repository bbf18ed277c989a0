import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { formatTable, paint, processOutput } from '../../src/cli/output';
import { CLI } from '../support/built';
import { cleanUpAfterTest, setEnvironment } from '../support/cleanup';

const silent = { out: () => undefined, err: () => undefined };

describe('the output', () => {
  test('is coloured on a terminal only, and not against NO_COLOR', () => {
    expect(paint({ ...silent, colour: true }, 'red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(paint({ ...silent, colour: false }, 'red', 'x')).toBe('x');
    const { isTTY } = process.stdout;
    cleanUpAfterTest(() => (process.stdout.isTTY = isTTY));
    setEnvironment({ NO_COLOR: undefined });
    process.stdout.isTTY = true;
    expect(processOutput().colour).toBe(true);
    setEnvironment({ NO_COLOR: '1' });
    expect(processOutput().colour).toBe(false);
    setEnvironment({ NO_COLOR: undefined });
    process.stdout.isTTY = false;
    expect(processOutput().colour).toBe(false);
  });

  test('of the built command into a pipe has no escape codes', () => {
    const help = execFileSync(process.execPath, [CLI, 'inject', '--help'], { encoding: 'utf8' });
    expect(help).toContain('Usage: miniprogram-servicemarket inject');
    expect(help).not.toContain('\u001b');
  });

  test('tables align', () => {
    expect(
      formatTable([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'cc'],
      ]),
    ).toBe('a    bb  c\naaa  b   cc');
  });
});

test('a reader that has enough ends the output and is no fault', async () => {
  const child = spawn(process.execPath, ['dist/node/cli.js', '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(complaints).toBe('');
});
