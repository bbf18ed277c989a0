import { cpSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The small model, made for the LSTM engine alone, as in Node. */
const MODEL = '4.0.0_best_int/eng.traineddata.gz';

/** The engine picks one of them by what the browser's WebAssembly can do. */
const CORES = ['lstm', 'simd-lstm', 'relaxedsimd-lstm'].map((kind) => `tesseract-core-${kind}.wasm.js`);

/** Where index.html has the token of the server, which a site has none of. */
const TOKEN_PLACE = '__PLAYGROUND_TOKEN__';

/**
 * Writes the playground as a site that needs no server of its own: all of it, and the engine that reads the pictures with
 * its language. Addresses in it are relative, so that it may lie in any folder of a site; it asks for nothing elsewhere.
 *
 * @param page - folder of the built page, `dist/playground` of this package
 * @param out - folder of the site; it is made where there is none, and files of other names in it stay
 * @throws Error where the page was not built, or the OCR engine is not installed
 */
export function buildPlayground({ page, out }: { page: string; out: string }): void {
  if (!existsSync(page)) {
    throw new Error(`Failed to build the playground: ${page} is missing. Build the package.`);
  }
  cpSync(page, out, { recursive: true });
  const index = join(out, 'index.html');
  if (existsSync(index)) writeFileSync(index, readFileSync(index, 'utf8').replace(TOKEN_PLACE, ''));
  const ocr = join(out, 'ocr');
  mkdirSync(ocr, { recursive: true });
  for (const file of listReaderFiles()) copyFileSync(file, join(ocr, file.split(/[\\/]/).pop() as string));
}

/** The files of the OCR engine for a page, as its packages have them. @throws Error where they are not installed */
function listReaderFiles(): string[] {
  try {
    const { resolve } = createRequire(__filename);
    const engine = dirname(resolve('tesseract.js/package.json'));
    const core = dirname(
      createRequire(join(engine, 'package.json')).resolve('tesseract.js-core/package.json'),
    );
    const language = dirname(resolve('@tesseract.js-data/eng/package.json'));
    return [
      ...['tesseract.esm.min.js', 'worker.min.js', 'worker.min.js.LICENSE.txt'].map((file) =>
        join(engine, 'dist', file),
      ),
      ...CORES.map((file) => join(core, file)),
      join(language, MODEL),
    ];
  } catch (cause) {
    throw new Error(
      'Failed to build the playground: the OCR engine is not installed. Run npm install tesseract.js @tesseract.js-data/eng.',
      { cause },
    );
  }
}
