import { formatLocation, type SourceLocation } from '../json';
import { errorText, text } from '../texts';
import type { ErrorKey, ErrorValues } from '../texts';

export { formatLocation, locationAt, type SourceLocation } from '../json';

/** A refusal or failure that the project's owner can act on; nothing was changed unless `message` says so. */
export class InjectError<K extends ErrorKey = ErrorKey> extends Error {
  override readonly name = 'InjectError';
  /** Names the error in every language. */
  readonly code: K;
  readonly location: SourceLocation | undefined;

  /**
   * @param code - its row in src/texts/errors.ts
   * @param values - of the row's placeholders
   */
  constructor(
    code: K,
    values: ErrorValues<K> extends [infer V] ? V : Record<string, never>,
    location?: SourceLocation,
    options?: ErrorOptions,
  ) {
    super(
      errorText(code, values as Record<string, string>, location ? formatLocation(location) : ''),
      options,
    );
    this.code = code;
    this.location = location;
  }
}

/** @returns the system's error as a clause that a message can end with */
export function reasonOf(error: { code?: string; message: string }): string {
  return error.code === 'ENOSPC' ? text('noSpace') : error.message;
}
