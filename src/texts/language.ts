/** The language of the command's texts, and how a text gets its values. */

export type Language = 'en' | 'zh';

export const LANGUAGES: readonly Language[] = ['en', 'zh'];

let current: Language = 'en';

/** Chooses the language of all texts from now on. English is the default, for code that calls the API. */
export function useLanguage(language: Language): void {
  current = language;
}

/** @returns the language that {@link useLanguage} chose last */
export function currentLanguage(): Language {
  return current;
}

/**
 * @param env - the environment; its locale counts in the order of POSIX
 * @param fallback - the system's locale, for an environment that names none, such as that of Windows
 */
export function languageOf(env: NodeJS.ProcessEnv, fallback: string): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || fallback;
  return /^zh\b|^zh[_-]/i.test(locale) ? 'zh' : 'en';
}

/** One text in each language; `{{name}}` stands for a value. */
export type Bilingual<T = string> = Readonly<Record<Language, T>>;

/** The names of the values that a text wants. */
export type Names<T extends string> = T extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** The values of a text; a text without any wants no argument. */
export type Values<T extends string> = [Names<T>] extends [never]
  ? []
  : [values: Record<Names<T>, string | number>];

/** Puts values into a text. */
export function fill(template: string, values: Record<string, string | number> = {}): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => String(values[name]));
}
