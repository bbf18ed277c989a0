import type { Market, Sent } from '../../../src/invocation';
import type { ServiceMarketCall } from '../../../src/protocol';

/** The platform's service market, as the invoker sees it. It answers each call with its number, if nothing else is set. */
export class FakeMarket implements Pick<Market, 'invoke'> {
  /** Every call that was sent. */
  readonly sent: ServiceMarketCall[] = [];
  /** What becomes of the next calls, in place of an answer. An error is thrown. */
  readonly next: (Sent | Promise<Sent> | Error)[] = [];

  async invoke(call: ServiceMarketCall): Promise<Sent> {
    this.sent.push(call);
    const next = this.next.shift() ?? answered({ data: String(this.sent.length) });
    if (next instanceof Error) throw next;
    return next;
  }

  /** Holds back what becomes of the next call. @returns a function that says it */
  hold(): (sent: Sent) => void {
    let finish: (sent: Sent) => void = () => {};
    this.next.push(new Promise<Sent>((resolve) => (finish = resolve)));
    return (sent) => finish(sent);
  }
}

/** @param fields - of the platform's answer, beside `errcode` 0 */
export function answered(fields: object): Sent {
  return { kind: 'answer', reply: { errcode: 0, errmsg: 'ok', ...fields } };
}

export const LOST: Sent = { kind: 'lost', cause: new Error('the connection broke') };
export const TIMED_OUT: Sent = { kind: 'lost', cause: new Error('no answer came'), isTimeout: true };
export const UNSENT: Sent = { kind: 'unsent', cause: new Error('nobody was reached') };
