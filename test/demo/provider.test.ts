import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DEMO, photograph, SAMPLE_LINES } from './support/sample';
import { cleanUpAfterSuite } from '../support/cleanup';
import { freePort, openServer } from '../support/servers';

const SAMPLE = readFileSync(join(DEMO, 'sample.png'));

interface OcrAnswer {
  ocr_comm_res: {
    items: { text: string; pos: Record<string, { x: number; y: number }> }[];
    img_size: { w: number; h: number };
  };
}
type Providers = { providers: Record<string, (data: unknown) => unknown>; close(): Promise<void> };

const { createProviders } = jest.requireActual<{ createProviders(): Providers }>(
  '../../demo-miniprogram/provider',
);

/** Head, palette and pixels of a PNG with one IDAT; the same pixels may be compressed in several ways. */
function partsOf(png: Buffer): { head: string; pixels: Buffer } {
  const at = png.indexOf('IDAT');
  return {
    head: png.toString('latin1', 0, at - 4),
    pixels: inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))),
  };
}

describe('the sample photo', () => {
  it('is what its script draws', () => {
    expect(partsOf(photograph(SAMPLE_LINES))).toEqual(partsOf(SAMPLE));
    expect(SAMPLE.length).toBeGreaterThan(20_000);
    expect(SAMPLE.length).toBeLessThan(200_000);
  });

  it('is refused with a character that its font lacks, or a line that is too wide', () => {
    expect(() => photograph(['50 €'])).toThrow('Failed to draw "50 €": the font has no "€"');
    expect(() => photograph(['THIS LINE IS MUCH TOO WIDE FOR IT'])).toThrow('wider than the paper');
  });
});

describe('the OCR provider', () => {
  const files = new Map<string, Buffer>();
  let origin: string;
  let services: Providers;

  beforeAll(async () => {
    const { url } = await openServer((request, response) => {
      const file = files.get(request.url ?? '');
      response.writeHead(file ? 200 : 404).end(file);
    }, cleanUpAfterSuite);
    origin = url;
    services = createProviders();
    cleanUpAfterSuite(() => services.close());
  });

  async function readPicture(bytes: Buffer, request: object = {}): Promise<OcrAnswer> {
    files.set('/picture', bytes);
    const data = { img_url: `${origin}/picture`, data_type: 3, ocr_type: 8, ...request };
    return (await services.providers['wx79ac3de8be320b71/OcrAllInOne'](data)) as OcrAnswer;
  }

  it("reads the sample line by line, in the service's own shape", async () => {
    const { items, img_size } = (await readPicture(SAMPLE)).ocr_comm_res;

    expect(items.map(({ text }) => text)).toEqual(SAMPLE_LINES);
    expect(img_size).toEqual({ w: 560, h: 494 });
    const tops = items.map(({ pos }) => pos.left_top.y);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    for (const { pos } of items) {
      expect(Object.keys(pos)).toEqual(['left_top', 'right_top', 'right_bottom', 'left_bottom']);
      expect(pos.right_bottom.x).toBeGreaterThan(pos.left_top.x);
      expect(pos.right_bottom.y).toBeGreaterThan(pos.left_top.y);
    }
  });

  it('reads another picture differently', async () => {
    const lines = ['PLATFORM SEVEN', 'The quick brown fox', 'jumps over the lazy dog', '0123456789'];
    const { items } = (await readPicture(photograph(lines))).ocr_comm_res;

    expect(items.map(({ text }) => text)).toEqual(lines);
  });

  it('finds nothing on blank paper', async () => {
    expect((await readPicture(photograph([' ', ' ']))).ocr_comm_res.items).toEqual([]);
  });

  it('refuses damaged bytes and goes on with the next picture', async () => {
    await expect(readPicture(SAMPLE.subarray(0, 60_000))).rejects.toThrow('its bytes are damaged');
    expect((await readPicture(SAMPLE)).ocr_comm_res.items).toHaveLength(SAMPLE_LINES.length);
  });

  it('refuses a picture that is too large to hold', async () => {
    const huge = Buffer.from(SAMPLE);
    huge.writeUInt32BE(20_000, 16);
    huge.writeUInt32BE(20_000, 20);
    await expect(readPicture(huge)).rejects.toThrow('20000 x 20000 pixels are too many');
  });

  it.each([
    ['no picture', Buffer.from('<html>not found</html>'), 'its bytes are no PNG, JPEG, WebP or BMP'],
    ['nothing', Buffer.alloc(0), 'the file is empty'],
    ['more than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1), 'it is larger than 10485760 bytes'],
  ])('refuses %s', async (_name, bytes, message) => {
    await expect(readPicture(bytes)).rejects.toThrow(message);
  });

  it.each([
    ['an unknown URL', { img_url: '/gone' }, 'it is no http(s) URL'],
    ['a marker that was never replaced', { img_url: { options: 'x' } }, 'it is no http(s) URL'],
    ['no URL', { img_url: undefined }, 'Failed to download undefined'],
    ['another kind of picture', { data_type: 2 }, 'data_type is 2. Use 3'],
    ['another kind of text', { ocr_type: 1 }, 'ocr_type is 1. Use 8'],
  ])('refuses %s', async (_name, request, message) => {
    await expect(readPicture(SAMPLE, request)).rejects.toThrow(message);
  });

  it('says that a URL has expired, or that nobody answers there', async () => {
    await expect(readPicture(SAMPLE, { img_url: `${origin}/gone` })).rejects.toThrow(
      'the server answered 404',
    );
    const unanswered = `http://127.0.0.1:${await freePort()}/x`;
    await expect(readPicture(SAMPLE, { img_url: unanswered })).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the text provider', () => {
  const check = createProviders().providers['wxee446d7507c68b11/msgSecCheck'];
  const keywords = (Text: unknown) =>
    (
      check({ Action: 'TextApproval', Text }) as { Response: { EvilTokens: { EvilKeywords: string[] }[] } }
    ).Response.EvilTokens.flatMap(({ EvilKeywords }) => EvilKeywords);

  it.each([
    ['A quiet shop with good books', []],
    ['Win the JACKPOT at our online  casino', ['online casino', 'jackpot']],
    ['Ｄouble your money!', ['double your money']],
    ['the jackpots', []],
    ['加微信领取红包', ['加微信领取']],
  ])('checks %p', (text, found) => {
    expect(keywords(text)).toEqual(found);
  });

  it.each([
    ['nothing', undefined, 'Action is undefined'],
    ['another action', { Action: 'Other', Text: 'a' }, 'Action is "Other"'],
    ['an empty text', { Action: 'TextApproval', Text: '' }, 'Text must be 1 to 5000 characters'],
    ['a long text', { Action: 'TextApproval', Text: 'a'.repeat(5001) }, 'Text must be 1 to 5000 characters'],
    ['a number', { Action: 'TextApproval', Text: 5 }, 'Text must be 1 to 5000 characters'],
  ])('refuses %s', (_name, data, message) => {
    expect(() => check(data)).toThrow(message);
  });
});
