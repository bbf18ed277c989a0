/** Where in a project's file a fault lies; `line` and `column` count from 1. */
export interface FaultPlace {
  file: string;
  line?: number;
  column?: number;
}

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

/** @returns `file`, `file:line` or `file:line:column`, as editors and terminals link it */
export function formatPlace({ file, line, column }: FaultPlace): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/**
 * @param offset - index into `text`, in UTF-16 units
 * @returns the place of that index; a byte order mark takes no column
 */
export function placeAt(file: string, text: string, offset: number): FaultPlace {
  const before = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, offset).split(/\r\n|[\n\r]/);
  return { file, line: before.length, column: before[before.length - 1].length + 1 };
}

/** The system's error in words. */
export function reasonOf(error: { code?: string; message: string }): string {
  return error.code === 'ENOSPC' ? 'no space is left on the disk' : error.message;
}
