import type { createWorker, Line } from 'tesseract.js';

export interface ReadLine {
  text: string;
  /** In pixels. */
  box: Line['bbox'];
}

/** Reads printed English text from pictures, in a worker of its own. */
export interface TextReader {
  /** @returns lines from top to bottom. @throws Error when the picture cannot be decoded */
  read(picture: Blob): Promise<ReadLine[]>;
  close(): Promise<void>;
}

/** Per cent; textures that were taken for letters stay below. */
const MIN_CONFIDENCE = 60;

/** The engine's names: LSTM alone, and layout analysis as far as it goes by itself. */
const LSTM_ONLY = 1;
const AUTO = '3';

/** @param folder - address with the engine, its worker, its WebAssembly and its language data; nothing else is asked for */
export async function createTextReader(folder: string): Promise<TextReader> {
  const library = (await import(/* @vite-ignore */ `${folder}tesseract.esm.min.js`)) as {
    default: { createWorker: typeof createWorker };
  };
  const worker = await library.default.createWorker('eng', LSTM_ONLY, {
    workerPath: `${folder}worker.min.js`,
    corePath: folder.replace(/\/$/, ''),
    langPath: folder.replace(/\/$/, ''),
    // By its own address: a worker made of a blob has the rights of none.
    workerBlobURL: false,
    cacheMethod: 'none',
    gzip: true,
    // Without a handler the library throws inside an event; the promise rejects as well.
    errorHandler: () => {},
  });
  await worker.setParameters({ tessedit_pageseg_mode: AUTO as never });
  return {
    async read(picture) {
      const { data } = await worker
        .recognize(picture, {}, { text: false, blocks: true })
        .catch((cause: unknown) => {
          throw new Error('Failed to read the picture: its bytes are damaged. Choose another photo.', {
            cause,
          });
        });
      return (data.blocks ?? [])
        .flatMap(({ paragraphs }) => paragraphs)
        .flatMap(({ lines }) => lines)
        .filter(({ confidence, text }) => confidence >= MIN_CONFIDENCE && text.trim() !== '')
        .map(({ text, bbox }) => ({ text: text.trim(), box: bbox }));
    },
    async close() {
      await worker.terminate();
    },
  };
}
