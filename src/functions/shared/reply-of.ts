import { billingOf, errcodeOf, type RelayError } from '../../invocation';
import type { RelayReply } from '../../protocol';

/** What a page gets for an error. */
export function replyOf({ statusCode, message, details }: RelayError): RelayReply {
  const { billing = billingOf(statusCode) } = details;
  return { errcode: errcodeOf(statusCode), errmsg: message, billing };
}
