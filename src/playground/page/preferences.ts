import type { Language } from '../engine/types';
import type { Theme } from './store';

const PREFIX = 'servicemarket-playground-';

/**
 * What the page around asks for by `?lang=`; else what the user chose last, in this browser; else what the browser says.
 * Chinese is the language of most readers.
 */
export function readPreferences(): { language: Language; theme: Theme } {
  const asked = new URLSearchParams(location.search).get('lang');
  const language = asked ?? read('language') ?? navigator.language;
  const theme = read('theme');
  return {
    language: /^en\b/i.test(language) ? 'en' : 'zh',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

export function writePreference(name: 'language' | 'theme', value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // A browser that stores nothing asks again the next time.
  }
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}
