const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

// A copy: another realm's encoder returns a Uint8Array of that realm.
export const bytesOfText = (text: string): Uint8Array => Uint8Array.from(encoder.encode(text));

/** The value as JSON, or undefined where JSON has none for it. */
export function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value) as string | undefined;
}

/** Parses JSON; returns `otherwise` where it is none. */
export function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}

/** A shallow copy without some fields. */
export function omit<T extends object, K extends keyof T>(object: T, ...names: K[]): Omit<T, K> {
  const copy = { ...object };
  for (const name of names) delete copy[name];
  return copy;
}

/** A short random word, for ids and names. */
export const randomWord = (): string => Math.random().toString(36).slice(2, 12);

export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
