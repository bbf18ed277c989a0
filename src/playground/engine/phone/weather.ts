import type { Any, Host, NativeCall } from '../../../simulator/types';
import type { NetworkCondition, PhoneSettings } from '../types';

const SLOW_BYTES_PER_S = 40_000;
const SLOW_MS = 400;
/** Quick, but slow enough to be seen. */
const NORMAL_BYTES_PER_S = 1_500_000;

const BROKEN = { errMsg: 'net::ERR_CONNECTION_RESET' };

const MESSAGES = ['operateWXData', 'request', 'cloud.callFunction'];
const UPLOADS = ['uploadToCommonCDN', 'uploadFile'];

/** What the network, the client and the market are like, which the page may change while the mini-program runs. */
export class Weather {
  private network: NetworkCondition = 'normal';
  private readonly lost = new Set<string>();
  private count = 0;

  constructor(
    private readonly host: Host,
    /** Whether a URL is that of the relay. */
    private readonly isRelay: (url: string) => boolean,
  ) {
    for (const api of [...MESSAGES, ...UPLOADS]) {
      host.fault({ api, when: () => this.network === 'slow', effect: { delay: SLOW_MS } });
      host.fault({ api, when: (call) => this.breaks(call), effect: { fail: BROKEN } });
      host.fault({ api, when: (call) => this.losesAnswer(call), effect: { fail: BROKEN, after: true } });
    }
  }

  change({ network, bridgeDenied, billing }: Partial<PhoneSettings>): void {
    const { host } = this;
    if (network) {
      this.network = network;
      host.slow(network === 'slow' ? SLOW_BYTES_PER_S : NORMAL_BYTES_PER_S);
      if (network === 'offline') host.offline();
      else host.online();
    }
    if (bridgeDenied !== undefined) host[bridgeDenied ? 'deny' : 'allow']('bridge');
    if (billing) host.market.billing = billing;
  }

  private breaks(call: NativeCall): boolean {
    if (this.network !== 'lossy' || !this.isCounted(call)) return false;
    return ++this.count % 3 === 0;
  }

  /** The answer of the first message of each call, and of no other. */
  private losesAnswer(call: NativeCall): boolean {
    if (this.network !== 'lost-answer') return false;
    const id = this.callId(call);
    if (id === undefined || this.lost.has(id)) return false;
    this.lost.add(id);
    return true;
  }

  private isCounted(call: NativeCall): boolean {
    return UPLOADS.includes(call.api) || this.callId(call) !== undefined;
  }

  /** The id of the call that a native call carries; undefined where it carries none. */
  private callId({ api, params }: NativeCall): string | undefined {
    const carried = params as Any;
    if (api === 'request') {
      if (!this.isRelay(carried.url as string) || !/\/invoke$/.test(carried.url as string)) return undefined;
      return idIn(typeof carried.data === 'string' ? JSON.parse(carried.data) : carried.data);
    }
    return idIn(api === 'operateWXData' ? carried.data?.data : carried.data);
  }
}

function idIn(request: Any): string | undefined {
  const id = (request?.call_id ?? request?.client_msg_id) as unknown;
  return typeof id === 'string' ? id : undefined;
}
