/** A cloud function as protocol/wire.ts says (CloudEvent), over the market of the host that it runs in. */
import type { CloudContext, Host } from '../../../src/simulator';
import type { Any } from '../../support/outcomes';

const FUNCTION = 'servicemarket';
export const CLOUD = { env: 'env-1', function: FUNCTION };

const INVOKE = 'webapi_servicemarket_jsapi_comm';
const RETRIEVE = 'webapi_servicemarket_jsapi_retrieve';

/** Claims `openid + id` before it calls: a second caller gets the outcome of the first. */
export class FakeFunction {
  /** Every event, also repeats. */
  readonly events: Any[] = [];
  /** The data that the service got, with open data put back. */
  readonly given: Any[] = [];
  private readonly outcomes = new Map<string, { event: string; reply: Promise<Any> }>();
  private readonly files = new Map<string, string[]>();

  constructor(private readonly host: Host) {
    host.cloud.define(FUNCTION, (event, context) => this.run(event, context));
  }

  private run(event: Any, context: CloudContext): Promise<Any> {
    const given = { ...event };
    delete given.userInfo;
    this.events.push(given);
    if (given.action === 'retrieve') return this.retrieve(given.request_id, context);
    const key = `${context.OPENID} ${given.client_msg_id}`;
    const text = JSON.stringify([given.service, given.api, given.data]);
    const known = this.outcomes.get(key);
    if (known && known.event !== text) return Promise.resolve({ errcode: -1, errmsg: 'other data' });
    const reply = known?.reply ?? this.invoke(given, context);
    this.outcomes.set(key, { event: text, reply });
    return reply;
  }

  private async invoke(event: Any, { APPID }: CloudContext): Promise<Any> {
    const { service, api, data, client_msg_id, async, files = [] } = event;
    const value = data === undefined ? undefined : JSON.parse(data, (_key, found) => opened(event, found));
    this.given.push(value);
    const reply = await this.ask(INVOKE, APPID, {
      service_id: service,
      api_name: api,
      data: data === undefined ? undefined : JSON.stringify(value),
      client_msg_id,
      version: 1,
      req_type: async ? 2 : undefined,
    });
    this.files.set(reply.request_id, files);
    return reply;
  }

  private async retrieve(id: string, { APPID }: CloudContext): Promise<Any> {
    const reply = await this.ask(RETRIEVE, APPID, { request_id: id });
    if (reply.status === 0) for (const file of this.files.get(id) ?? []) this.host.cloud.remove(file);
    return reply;
  }

  private async ask(name: string, appid: string, request: object): Promise<Any> {
    const sender = { channel: 'cloud', appid };
    return JSON.parse(await (this.host.market as Any).handle(sender, name, request));
  }
}

/** `{cloudID}` in the data stands for the field that the platform has put the open data into. */
function opened(event: Any, value: Any): unknown {
  return (value && typeof value === 'object' && event[`cloudID:${value.cloudID}`]) || value;
}
