/** An answer of the cloud that is an error; the SDK turns the code into its number. */
export class CloudError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
