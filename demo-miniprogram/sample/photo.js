'use strict';

const { encodeIndexedPng } = require('./indexed-png');
const { Ink, smooth } = require('./ink');
const { layOut } = require('./stroke-font');

/** Pixels. */
const WIDTH = 560;
const TABLE_MARGIN = 26;
const TEXT_MARGIN = 70;
const TEXT_TOP = 78;
const LINE_HEIGHT = 50;
const TEXT_BOTTOM = 66;
const PEN = 1.7;
/** Pixels per font unit. */
const HEADING_SCALE = 2.1;
const TEXT_SCALE = 1.6;

const TILT = (-1.1 * Math.PI) / 180;
const GRAIN = 0.025;
/** Levels of brightness of each of the two materials. */
const SHADES = 128;
const WOOD = [
  [38, 25, 17],
  [122, 86, 60],
];
const PAPER = [
  [20, 20, 26],
  [252, 248, 238],
];

/** A deterministic generator (mulberry32): the same text always gives the same file. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shadesBetween([dark, light]) {
  return Array.from({ length: SHADES }, (_, i) =>
    dark.map((channel, c) => Math.round(channel + ((light[c] - channel) * i) / (SHADES - 1))),
  );
}

/** Rotation around the middle of the picture. */
function rotate([x, y], height, angle) {
  const dx = x - WIDTH / 2;
  const dy = y - height / 2;
  return [
    WIDTH / 2 + dx * Math.cos(angle) - dy * Math.sin(angle),
    height / 2 + dx * Math.sin(angle) + dy * Math.cos(angle),
  ];
}

function print(lines, height) {
  const ink = new Ink(WIDTH, height);
  lines.forEach((line, row) => {
    const scale = row === 0 ? HEADING_SCALE : TEXT_SCALE;
    const { width, strokes } = layOut(line);
    if (width * scale > WIDTH - 2 * TEXT_MARGIN) {
      throw new Error(`Failed to draw "${line}": it is wider than the paper. Break it into shorter lines.`);
    }
    const left = row === 0 ? (WIDTH - width * scale) / 2 : TEXT_MARGIN;
    const baseline = TEXT_TOP + LINE_HEIGHT * (row + 0.5);
    for (const stroke of strokes) {
      const points = stroke.map(([x, y]) => rotate([left + x * scale, baseline - y * scale], height, TILT));
      ink.drawStroke(points, PEN);
    }
  });
  return ink;
}

/** Brightness of the table at a pixel that lies `distance` pixels away from the paper, which casts a shadow. */
function shadeOfWood(x, y, distance) {
  const rings = 0.18 * Math.sin(y * 0.21 + 1.6 * Math.sin(x * 0.011));
  return (0.5 + rings + 0.1 * Math.sin(y * 0.053 + x * 0.004)) * (0.45 + 0.55 * smooth(0, 16, distance));
}

/**
 * Draws a printed slip of paper on a wooden table, as a phone would photograph it: slightly turned, lit from one
 * side, with a little grain.
 *
 * @param {string[]} lines - the printed text; the first line is the heading
 * @returns {Buffer} a PNG file
 * @throws {Error} when a line is too wide or has a character that the font lacks
 */
function photograph(lines) {
  const height = TEXT_TOP + LINE_HEIGHT * lines.length + TEXT_BOTTOM;
  const ink = print(lines, height);
  const random = createRandom(2408);
  const pixels = new Uint8Array(WIDTH * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [px, py] = rotate([x, y], height, -TILT);
      const offPaper = TABLE_MARGIN - Math.min(px, WIDTH - px, py, height - py);
      const onPaper = offPaper < 0;
      const light = 1 - 0.1 * (x / WIDTH) - 0.05 * (y / height);
      const surface = onPaper ? 1 - 0.86 * ink.cover[y * WIDTH + x] : shadeOfWood(x, y, offPaper);
      const shade = surface * light + (random() + random() - 1) * GRAIN;
      const level = Math.min(SHADES - 1, Math.max(0, Math.round(shade * (SHADES - 1))));
      pixels[y * WIDTH + x] = onPaper ? SHADES + level : level;
    }
  }
  return encodeIndexedPng({ width: WIDTH, height, pixels }, [
    ...shadesBetween(WOOD),
    ...shadesBetween(PAPER),
  ]);
}

module.exports = { photograph };
