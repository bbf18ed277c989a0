/** What an error carries besides its code and text. */
export interface Details {
  requestId?: string;
  requestID?: string;
  body?: unknown;
  path?: string;
  cause?: unknown;
  /** The host has no such API, or does not permit it to this app: nothing was sent. */
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

/** The text of anything thrown: of a host's object its `errMsg`. */
export function textOf(cause: any): string {
  return String(Object(cause).errMsg || cause);
}
