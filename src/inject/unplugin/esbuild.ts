import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { injectBuild } from './build';
import type { PluginOptions } from './build';

interface OutputFile {
  path: string;
  text: string;
  contents: Uint8Array;
}

/** The part of esbuild's plugin interface that is used. */
export interface EsbuildBuild {
  initialOptions: { absWorkingDir?: string; outdir?: string; outfile?: string; write?: boolean };
  onEnd(
    listener: (result: {
      outputFiles?: OutputFile[];
    }) => Promise<{ warnings: { text: string }[] } | undefined>,
  ): void;
}

/** esbuild lets a plugin see its output only instead of writing it, so this writes what esbuild would have. */
export function applyToEsbuild(build: EsbuildBuild, options: PluginOptions): void {
  const { initialOptions } = build;
  const writes = initialOptions.write !== false;
  initialOptions.write = false;
  build.onEnd(async ({ outputFiles }) => {
    if (!outputFiles) return undefined;
    const root = initialOptions.absWorkingDir ?? process.cwd();
    const out = resolve(root, initialOptions.outdir ?? dirname(initialOptions.outfile ?? '.'));
    const warnings: { text: string }[] = [];
    const warn = (text: string) => void warnings.push({ text });
    injectBuild({ ...openOutput(outputFiles, out), warn }, root, options);
    if (writes) await Promise.all(outputFiles.map(write));
    return { warnings };
  });
}

function openOutput(files: OutputFile[], out: string) {
  const find = (path: string) => files.find((file) => relative(out, file.path).split(sep).join('/') === path);
  return {
    has: (path: string) => find(path) !== undefined,
    read: (path: string) => find(path)?.text,
    write(path: string, text: string) {
      const file = { path: resolve(out, path), contents: Buffer.from(text), text };
      const index = files.indexOf(find(path) as OutputFile);
      if (index < 0) files.push(file);
      else files[index] = { ...files[index], ...file };
    },
  };
}

async function write({ path, contents }: OutputFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
