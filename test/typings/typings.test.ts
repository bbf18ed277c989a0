import { execFile } from 'node:child_process';
import { join } from 'node:path';

const TSC = join(__dirname, '../../node_modules/typescript/bin/tsc');

/** Runs the compiler with one tsconfig; resolves to its exit code and its lines of output. */
function compile(project: string): Promise<{ code: number; lines: string[] }> {
  const args = [TSC, '-p', join(__dirname, `tsconfig.${project}.json`), '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: __dirname }, (error, stdout) => {
      resolve({ code: error ? Number(error.code) : 0, lines: stdout.split('\n').filter(Boolean) });
    });
  });
}

describe('typings of wx.serviceMarket', () => {
  it.each(['miniprogram-api-typings', 'wechat-miniprogram', 'minigame-api-typings'])(
    'compile with %s',
    async (typings) => {
      expect(await compile(typings)).toEqual({ code: 0, lines: [] });
    },
    120_000,
  );

  it('refuse every wrong statement', async () => {
    const { code, lines } = await compile('broken');
    const errors = lines.flatMap(
      (line) => line.match(/^broken\/broken\.test-d\.ts\((\d+),\d+\): error (TS\d+)/)?.[1] ?? [],
    );
    expect(code).toBe(2);
    expect(errors).toEqual(['2', '3', '4', '5', '6']);
  }, 120_000);
});
