interface Info {
  type: string;
  width: number;
  height: number;
}
const { imageInfo } = jest.requireActual<{ imageInfo(bytes: Buffer): Info }>(
  '../../demo-miniprogram/provider/image-info',
);

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** Heads of files as encoders write them, without the picture. */
const HEADS = {
  png: hex('89504e470d0a1a0a 0000000d 49484452 00000230 000001ee 0803000000'),
  /** SOI, APP0, a quantisation table, padding, progressive frame of 477 x 720. */
  jpeg: hex('ffd8 ffe00010 4a46494600010100000100010000 ffdb0004 0000 ff ffc2 0011 08 01dd 02d0 03'),
  bmp: hex('424d 46000000 00000000 36000000 28000000 10000000 f0ffffff 0100 2000'),
  'lossy webp': hex('52494646 1a000000 57454250 56503820 0e000000 300100 9d012a 4000 4200'),
  'lossless webp': hex('52494646 1a000000 57454250 5650384c 0e000000 2f 0fc00300 0000000000'),
  'extended webp': hex('52494646 1a000000 57454250 56503858 0a000000 10000000 ff0300 1f0100'),
};

describe('imageInfo', () => {
  it.each<[keyof typeof HEADS, Info]>([
    ['png', { type: 'png', width: 560, height: 494 }],
    ['jpeg', { type: 'jpeg', width: 720, height: 477 }],
    ['bmp', { type: 'bmp', width: 16, height: 16 }],
    ['lossy webp', { type: 'webp', width: 64, height: 66 }],
    ['lossless webp', { type: 'webp', width: 16, height: 16 }],
    ['extended webp', { type: 'webp', width: 1024, height: 288 }],
  ])('reads the size of a %s', (name, info) => {
    expect(imageInfo(HEADS[name])).toEqual(info);
  });

  it.each(['png', 'jpeg', 'bmp'] as const)('refuses a %s that ends before its size', (name) => {
    expect(() => imageInfo(HEADS[name].subarray(0, 18))).toThrow(
      `its ${name.toUpperCase()} header is damaged`,
    );
  });

  it('refuses a size of nothing', () => {
    const flat = Buffer.from(HEADS.png);
    flat.writeUInt32BE(0, 20);
    expect(() => imageInfo(flat)).toThrow('its PNG header is damaged');
  });

  it('refuses a JPEG without a frame', () => {
    expect(() => imageInfo(hex('ffd8 ffe00004 0000 ffda 0000'))).toThrow('its JPEG header is damaged');
  });

  it.each([
    ['text', 'BM means nothing here', 'its bytes are no PNG, JPEG, WebP or BMP'],
    ['RIFF sound', 'RIFF\0\0\0\0WAVEfmt ', 'its bytes are no PNG, JPEG, WebP or BMP'],
    ['an empty file', '', 'the file is empty'],
  ])('refuses %s', (_name, content, message) => {
    expect(() => imageInfo(Buffer.from(content, 'latin1'))).toThrow(message);
  });
});
