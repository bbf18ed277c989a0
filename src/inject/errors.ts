import { formatPlace, type FaultPlace } from '../json';

export { formatPlace, placeAt, type FaultPlace } from '../json';

/** A refusal or failure that the project's owner can act on; nothing was changed unless `message` says so. */
export class InjectError extends Error {
  override readonly name = 'InjectError';
  readonly place: FaultPlace | undefined;

  /**
   * @param act - what failed, continuing "Failed to"
   * @param cause - why, without the final stop
   * @param fix - what to do, a sentence without the final stop
   */
  constructor(act: string, cause: string, fix: string, place?: FaultPlace, options?: ErrorOptions) {
    super(`Failed to ${act}: ${place ? `${formatPlace(place)}: ` : ''}${cause}. ${fix}.`, options);
    this.place = place;
  }
}

/** The system's error in words. */
export function reasonOf(error: { code?: string; message: string }): string {
  return error.code === 'ENOSPC' ? 'no space is left on the disk' : error.message;
}
