'use strict';

/** An answer other than the service's. Its texts never hold a secret. */
class Refusal extends Error {
  /**
   * @param statusCode - as the HTTPS relay has it for the same cause
   * @param errcode - what pages read
   * @param message - what pages show
   * @param details.billing - `unknown` where the call may have been billed. By default nothing was sent
   * @param details.retryAfter - seconds after which the same request may succeed
   * @param details.cause - for the log; never sent
   */
  constructor(statusCode, errcode, message, { billing = 'none', retryAfter, cause } = {}) {
    super(message);
    this.statusCode = statusCode;
    this.errcode = errcode;
    this.billing = billing;
    this.retryAfter = retryAfter;
    this.cause = cause;
  }

  /** @returns the RelayReply */
  reply() {
    return { errcode: this.errcode, errmsg: this.message, billing: this.billing };
  }
}

module.exports = { Refusal };
