/**
 * Commander prints English only: its titles and errors are recognised by the English of the table, and replaced. Apart
 * from program.ts, which says what the commands are.
 */
import { text, TEXTS } from '../texts';
import type { TextKey } from '../texts';

const TITLES = [
  'titleUsage',
  'titleArguments',
  'titleOptions',
  'titleCommands',
  'titleGlobalOptions',
] as const;
const ERRORS = [
  'usageUnknownOption',
  'usageUnknownCommand',
  'usageArgumentMissing',
  'usageOptionMissing',
  'usageConflict',
  'usageBadArgument',
  'usageTooMany',
] as const satisfies TextKey[];

/** @returns a title of the help in the current language */
export function translateTitle(title: string): string {
  const key = TITLES.find((known) => TEXTS[known].en === title);
  return key ? text(key) : title;
}

/** @returns an error about the usage in the current language, or as it is where the table does not have it */
export function translateUsage(message: string): string {
  for (const key of ERRORS) {
    const found = patternOf(TEXTS[key].en).exec(message);
    if (found) return `${(text as (key: TextKey, values: object) => string)(key, found.groups ?? {})}\n`;
  }
  return message;
}

function patternOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{\{(\w+)\}\}/g, '(?<$1>.*?)')}\\s*$`, 's');
}
