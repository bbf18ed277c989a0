/** What the page and the frame of its phone say to each other: the first message over `postMessage`, the rest over a port. */
import type { Answer, Exchange, Language, PhoneEvent, PhoneSettings } from './types';

/** A base library that is up to date in everything but the service market, which it lacks. */
export const WITHOUT_MARKET = 'newest-without-serviceMarket';

/** The frame has loaded, and waits for the port. */
export const LOADED = 'servicemarket-playground-loaded';

/** What the frame gets of the page's options. */
export interface StartOptions {
  settings: PhoneSettings;
  sources: Record<string, string>;
  page?: string;
  picture?: Uint8Array;
  language: Language;
  services: readonly string[];
  relayUrl?: string;
  /** Which questions the backend answers. */
  has: { http: boolean; login: boolean; cloudFunction: boolean };
}

/** A question for the backend, by the name of the function that answers it, with its arguments. */
export interface Questions {
  http: [exchange: Exchange];
  provide: [service: string, api: string, data: unknown, files: Record<string, Uint8Array>];
  cloudFunction: [event: unknown, files: Record<string, Uint8Array>];
  login: [];
}

export interface Answers {
  http: Answer;
  provide: unknown;
  cloudFunction: unknown;
  login: string;
}

export type ToFrame =
  | { type: 'start'; options: StartOptions }
  | { type: 'picture'; picture?: Uint8Array }
  | { type: 'change'; settings: Partial<PhoneSettings> }
  | { type: 'abort' }
  | { type: 'sent'; id: number; bytes: number }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'failure'; id: number; message: string; errcode?: number };

export type ToPage =
  | { type: 'event'; event: PhoneEvent }
  | { type: 'opened' }
  | { type: 'failed'; message: string; stack?: string }
  | { type: 'question'; id: number; name: keyof Questions; args: unknown[] }
  /** Nobody waits for the answer any more. */
  | { type: 'withdrawn'; id: number };
