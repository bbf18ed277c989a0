/** What a script is. */
import type { CloudState } from '../world';

export interface Script {
  name: string;
  /** Body of a function of page code; observe.ts says what it has beside `wx`. */
  code: string;
  /** ms of host time that it gets. @default 5000 */
  wait?: number;
}

/** Scripts that share a host. */
export interface ScriptGroup {
  scripts: Script[];
  /** @default 'there' */
  cloud?: CloudState;
  /** The app has a plugin, and the scripts are code inside it, or of its host. @default no plugin */
  plugin?: 'inside' | 'host';
}

/** Scripts from their code by name. */
export const named = (prefix: string, scripts: Record<string, string>): Script[] =>
  Object.entries(scripts).map(([name, code]) => ({ name: `${prefix}: ${name}`, code }));

export const words = (text: string): string[] => text.trim().split(/\s+/);
