/** What an error carries besides its code and text. */
export interface Details {
  requestId?: string;
  requestID?: string;
  body?: unknown;
  path?: string;
  cause?: unknown;
  /** The HTTP status of a relay's refusal. */
  statusCode?: number;
  /** Seconds after which the same request may succeed. */
  retryAfter?: number;
  /** The host has no such API, or does not permit it to this app: another channel may be tried. Not for pages. */
  refused?: boolean;
}

/** What every layer throws, or rejects with; task.ts makes the page's Error from it. */
export interface Failure extends Details {
  /** A code of protocol/errors.ts. */
  errCode: number;
  /** The text after the prefix `<api>:fail `. */
  errMsg: string;
}

export function failure(errCode: number, errMsg: string, details?: Details): Failure {
  return Object.assign({ errCode, errMsg, cause: undefined }, details);
}

/** The string of anything that page code throws, also of what throws again when it is asked for one. */
export function printed(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'Error';
  }
}

/** The text of anything thrown or passed to `fail`: hosts besides WeChat have other fields, or none. */
export function textOf(cause: any): string {
  const { errMsg, errorMessage, error, message } = Object(cause);
  // An Error prints its name too.
  const text = printed(errMsg || (message && cause) || errorMessage || error || cause || '');
  return /^(\[object .*)?$/.test(text) ? 'unknown error' : text;
}
