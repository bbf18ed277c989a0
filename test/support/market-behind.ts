/** The platform behind a relay or function: the market of the simulated host, reached with faults on the way. */
import type { Market, Sent } from '../../src/invocation';
import type { RelayReply, ServiceMarketCall } from '../../src/protocol';
import type { Host } from '../../src/simulator';
import type { Clock } from '../../src/simulator/clock/types';
import type { Any } from './outcomes';

/** What becomes of a call between a relay or function and the platform. */
export type UpstreamEffect = 'answered' | 'unsent' | 'request lost' | 'answer lost' | 'refused';

/** What goes wrong behind a relay or function. */
export interface FaultsBehind {
  /** Of the calls that are sent to the platform, in order; then all are answered. */
  upstream?: UpstreamEffect[];
  /** Requests to the store of a relay or function that fail, by their number. */
  failingStoreRequests?: number[];
  /** The run of a function that is killed once the platform has answered, by its number. */
  killedRun?: number;
}

const INVOKE = 'webapi_servicemarket_jsapi_comm';
const RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

/** Ms after which whoever called a function is told that its process is gone. */
const MS_TO_MISS_PROCESS = 60_000;

/** Waits in host time, as work that the clock knows to be asleep: for work that is awake it waits. */
export function sleepOn({ clock }: Host, ms: number): Promise<void> {
  return (clock as unknown as Clock).hold((sleep) => sleep(ms));
}

export class MarketBehind implements Market {
  private calls = 0;

  constructor(
    private readonly host: Host,
    private readonly faults: FaultsBehind,
  ) {}

  /**
   * Runs a function in a process of its own.
   *
   * @param work - with the market as it is reached from there
   * @returns its result; rejects where the process is to be killed, whose work then never ends
   */
  run<T>(work: (market: Market) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onKill = async (): Promise<void> => {
        await sleepOn(this.host, MS_TO_MISS_PROCESS);
        reject(new Error('the process was killed'));
      };
      const market: Market = {
        invoke: (call) => this.invoke(call, () => void onKill()),
        retrieve: (requestId) => this.retrieve(requestId),
      };
      work(market).then(resolve, reject);
    });
  }

  /** @param kill - ends the process that calls, where it is one that can be killed */
  async invoke(
    { service, api, client_msg_id, data, async }: ServiceMarketCall,
    kill?: () => void,
  ): Promise<Sent> {
    const number = this.calls++;
    const effect = this.faults.upstream?.[number] ?? 'answered';
    if (effect === 'unsent') return { kind: 'unsent', cause: new Error('nobody was reached') };
    if (effect === 'request lost') return { kind: 'lost', cause: new Error('the connection broke') };
    if (effect === 'refused')
      return { kind: 'answer', reply: { errcode: -11, errmsg: 'too often', request_id: 'R' } };
    const request = {
      service_id: service,
      api_name: api,
      // As the platform's server: a string is JSON already.
      data: data === undefined || typeof data === 'string' ? data : JSON.stringify(data),
      client_msg_id,
      version: 1,
      req_type: async ? 2 : undefined,
    };
    const reply = await this.ask(INVOKE, request);
    if (kill && number === this.faults.killedRun) {
      kill();
      return new Promise(() => {});
    }
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
