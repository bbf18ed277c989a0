/** A failure that is told by its message alone; the command exits with 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
