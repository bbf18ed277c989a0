import { formatLocation, type SourceLocation } from '../json';

export { formatLocation, locationAt, type SourceLocation } from '../json';

/** A refusal or failure that the project's owner can act on; nothing was changed unless `message` says so. */
export class InjectError extends Error {
  override readonly name = 'InjectError';
  readonly location: SourceLocation | undefined;

  /**
   * @param act - what failed, continuing "Failed to"
   * @param cause - why, without the final stop
   * @param fix - what to do, a sentence without the final stop
   */
  constructor(act: string, cause: string, fix: string, location?: SourceLocation, options?: ErrorOptions) {
    super(`Failed to ${act}: ${location ? `${formatLocation(location)}: ` : ''}${cause}. ${fix}.`, options);
    this.location = location;
  }
}

/** @returns the system's error as a clause that a message can end with */
export function reasonOf(error: { code?: string; message: string }): string {
  return error.code === 'ENOSPC' ? 'no space is left on the disk' : error.message;
}
