/** The platform behind a relay or function: the market of the simulated host, reached with the faults of a plan. */
import type { Market, Sent } from '../../../src/invocation';
import type { RelayReply, ServiceMarketCall } from '../../../src/protocol';
import type { Host } from '../../../src/simulator';
import type { Any } from '../../support/outcomes';
import type { Plan } from './plan';

const INVOKE = 'webapi_servicemarket_jsapi_comm';
const RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

export class MarketBehind implements Market {
  private calls = 0;

  /** @param plan - `killedRun` is the call whose answer the process does not live to see */
  constructor(
    private readonly host: Host,
    private readonly plan: Pick<Plan, 'upstream' | 'killedRun'>,
  ) {}

  async invoke({ service, api, client_msg_id, data, async }: ServiceMarketCall): Promise<Sent> {
    const number = this.calls++;
    const effect = this.plan.upstream[number] ?? 'answered';
    if (effect === 'unsent') return { kind: 'unsent', cause: new Error('nobody was reached') };
    if (effect === 'request lost') return { kind: 'lost', cause: new Error('the connection broke') };
    if (effect === 'refused')
      return { kind: 'answer', reply: { errcode: -11, errmsg: 'too often', request_id: 'R' } };
    const request = {
      service_id: service,
      api_name: api,
      data: data === undefined ? undefined : JSON.stringify(data),
      client_msg_id,
      version: 1,
      req_type: async ? 2 : undefined,
    };
    const reply = await this.ask(INVOKE, request);
    if (number === this.plan.killedRun) return new Promise(() => {});
    if (effect === 'answer lost') return { kind: 'lost', cause: new Error('the connection broke') };
    return { kind: 'answer', reply };
  }

  async retrieve(requestId: string): Promise<Sent> {
    return { kind: 'answer', reply: await this.ask(RETRIEVE, { request_id: requestId }) };
  }

  private async ask(name: string, request: object): Promise<RelayReply> {
    const text: string = await (this.host.market as Any).handle(
      { channel: 'https', appid: 'wxapp' },
      name,
      request,
    );
    return JSON.parse(text) as RelayReply;
  }
}
