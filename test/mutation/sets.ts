/** What can be mutated, and which tests judge it. */
import fs from 'node:fs';
import path from 'node:path';

export interface MutationSet {
  sources: string[];
  tests: string[];
  /** Tests that run something else than these sources: the built files, or programs of their own. */
  unable: RegExp;
  /** Whether the tests run the built files, which are then made again for each mutant. */
  isBuilt: boolean;
}

export const SETS: Record<string, MutationSet> = {
  runtime: {
    sources: ['src/runtime', 'src/protocol'],
    tests: ['test/runtime', 'test/channels', 'test/plugins'],
    unable: /^$/,
    isBuilt: true,
  },
  relay: {
    sources: ['src/relay', 'src/invocation', 'src/openapi'],
    tests: ['test/relay', 'test/docs'],
    unable: /relay\/(load|killed)|docs\/(samples|deploy-files)/,
    isBuilt: false,
  },
  inject: {
    sources: ['src/inject'],
    tests: ['test/inject', 'test/cli'],
    unable: /miniprogram-ci|bundlers\/|npm\.test|scale|kill|installed|cli\/(relay|output)/,
    isBuilt: false,
  },
};

function filesBelow(folders: string[], isWanted: (file: string) => boolean): string[] {
  return folders
    .flatMap((folder) =>
      fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
    )
    .filter(isWanted)
    .sort();
}

/** The sources of a set that hold code, relative to the current folder. */
export function sourcesOf({ sources }: MutationSet): string[] {
  return filesBelow(sources, (file) => file.endsWith('.ts') && !/(types|\.d)\.ts$/.test(file));
}

export function testsOf({ tests, unable }: MutationSet): string[] {
  return filesBelow(tests, (file) => file.endsWith('.test.ts') && !unable.test(file));
}
