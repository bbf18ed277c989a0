import { run } from '../../src/cli/program';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line in this process. */
export async function command(...args: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const output = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    colour: false,
  };
  const code = await run(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
