/** Codes of the market itself (protocol 11). */
export const BAD_ARGUMENT = -1;
export const LOGIC_FAILED = -3;
export const BAD_API = -7;

/** Thrown where a message is refused; answered in the form of its version. */
export class Refusal extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(errmsg);
  }
}
