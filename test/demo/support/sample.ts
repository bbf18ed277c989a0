/** What the demo's tests know of the demo: where it is, and what its sample photo says. */
import { join } from 'node:path';

export const DEMO = join(__dirname, '../../../demo-miniprogram');

/** The sample photo's lines, as the OCR service recognises them. */
export const SAMPLE_LINES = [
  'CORNER BOOKSHOP',
  '12 Harbour Street',
  'Receipt No. 2408',
  '2 Notebooks 9.00',
  '1 Fountain pen 24.50',
  'Total paid 33.50',
  'Thank you, come again!',
];

/** Draws a photo of the given lines, as PNG. */
export const { photograph } = jest.requireActual<{ photograph(lines: string[]): Buffer }>(
  '../../../demo-miniprogram/sample/photo',
);
