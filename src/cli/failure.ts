/** A failure of which only the message is shown; the command exits with 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
