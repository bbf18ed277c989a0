import type { Claimant } from '../../../src/invocation';

/** Who claims, in tests of stores. */
export const ANN: Claimant = {
  userId: 'ann',
  user: 'digest-of-ann',
  id: 'id-1',
  service: 'wxocr',
  api: 'Ocr',
};
