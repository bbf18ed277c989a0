import { checkText } from '../../../demo-miniprogram/provider/text-check.js';
import { createTextReader } from './text-reader';
import type { TextReader } from './text-reader';
import type { Backend } from './types';

const OCR = 'wx79ac3de8be320b71/OcrAllInOne';
const TEXT_CHECK = 'wxee446d7507c68b11/msgSecCheck';

/** `ocr_type` of printed text, `data_type` of a picture by URL. */
const GENERAL_PRINT = 8;
const BY_URL = 3;

/** What the service reads of a call. */
interface OcrRequest {
  img_url?: string;
  data_type?: number;
  ocr_type?: number;
}

/**
 * The services of the demo without any server: the text on pictures is read in this page.
 *
 * @param assets - folder of the site's files, whose `ocr/` has the engine and its language
 * @param more - services of the page's own, by `service/api`
 * @returns with `close`, which ends the reader
 */
export function createStaticBackend(
  assets: string,
  more: Record<string, (data: unknown) => unknown> = {},
): Backend & { close(): Promise<void> } {
  let reader: Promise<TextReader> | undefined;
  const services: Record<string, (data: unknown, files: Record<string, Uint8Array>) => unknown> = {
    [OCR]: async (data, files) => {
      const picture = pictureOf(Object(data) as OcrRequest, files);
      reader ??= createTextReader(new URL('ocr/', new URL(assets, document.baseURI)).href);
      return readText(await reader, picture);
    },
    [TEXT_CHECK]: checkText,
    ...more,
  };
  return {
    services: Object.keys(services),
    async provide(service, api, data, files) {
      const provider = services[`${service}/${api}`];
      if (!provider) throw new Error(`Failed to call ${service}/${api}: nothing provides it.`);
      return provider(data, files);
    },
    async close() {
      const running = reader;
      reader = undefined;
      await (await running)?.close();
    },
  };
}

/** @throws Error where the service cannot work with the request, as its answer says it */
function pictureOf(
  { img_url: url = '', data_type, ocr_type }: OcrRequest,
  files: Record<string, Uint8Array>,
) {
  if (data_type !== BY_URL) {
    throw new Error(`Failed to read the request: data_type is ${data_type}. Use 3, a picture by URL.`);
  }
  if (ocr_type !== GENERAL_PRINT) {
    throw new Error(`Failed to read the request: ocr_type is ${ocr_type}. Use 8, printed text.`);
  }
  const picture = files[url];
  if (!picture) {
    throw new Error(
      `Failed to download ${JSON.stringify(url)}: it is not in this page. Mark the file with wx.serviceMarket.CDN.`,
    );
  }
  return picture;
}

async function readText(reader: TextReader, picture: Uint8Array): Promise<object> {
  const blob = new Blob([new Uint8Array(picture)]);
  const size = await createImageBitmap(blob).catch((cause: unknown) => {
    throw new Error('Failed to read the picture: its bytes are no picture. Choose a photo.', { cause });
  });
  const { width: w, height: h } = size;
  size.close();
  const lines = await reader.read(blob);
  const items = lines.map(({ text, box: { x0, y0, x1, y1 } }) => ({
    text,
    pos: {
      left_top: { x: x0, y: y0 },
      right_top: { x: x1, y: y0 },
      right_bottom: { x: x1, y: y1 },
      left_bottom: { x: x0, y: y1 },
    },
  }));
  return { ocr_comm_res: { items, img_size: { w, h } } };
}
