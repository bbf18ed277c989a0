/** All texts of the command, in English and Chinese side by side. */
import { COMMAND } from './command';
import { JSON_FAULTS } from './json';
import { currentLanguage, fill } from './language';
import type { Values } from './language';
import { OWNERS } from './owners';
import { RELAY } from './relay';
import { REPORTS } from './reports';

export { errorText } from './errors';
export type { ErrorKey, ErrorValues } from './errors';
export { currentLanguage, LANGUAGES, languageOf, useLanguage } from './language';
export type { Language } from './language';

/** Every text but those of errors, which have parts. */
export const TEXTS = { ...REPORTS, ...COMMAND, ...JSON_FAULTS, ...RELAY, ...OWNERS };

export type TextKey = keyof typeof TEXTS;

/** @returns a text in the current language */
export function text<K extends TextKey>(key: K, ...[values]: Values<(typeof TEXTS)[K]['en']>): string {
  return fill(TEXTS[key][currentLanguage()], values);
}
