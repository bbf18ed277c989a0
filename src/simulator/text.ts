const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

// A copy, because another realm's encoder may give a Uint8Array that is not this realm's.
export const bytesOfText = (text: string): Uint8Array => Uint8Array.from(encoder.encode(text));

/** The value as JSON text, or undefined when it has none. */
export function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value) as string | undefined;
}

/** The parsed text, or `otherwise` when it is no JSON. */
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
