'use strict';

/** An answer other than the service's. Its texts never hold a secret. */
class Refusal extends Error {
  /**
   * @param statusCode - as the HTTPS relay has it for the same cause
   * @param errcode - what pages read
   * @param message - what pages show
   * @param details.billing - `unknown` where the call may have been billed. By default nothing was sent
   * @param details.retryAfter - seconds after which the same request may succeed
   */
  constructor(statusCode, errcode, message, { billing = 'none', retryAfter } = {}) {
    super(message);
    this.statusCode = statusCode;
    this.errcode = errcode;
    this.billing = billing;
    this.retryAfter = retryAfter;
  }

  /** @returns the RelayReply */
  reply() {
    return { errcode: this.errcode, errmsg: this.message, billing: this.billing };
  }
}

module.exports = { Refusal };
