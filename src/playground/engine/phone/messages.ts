import type { Any, NativeCall } from '../../../simulator/types';
import { markText } from '../marked-text';
import type { MessageEvent } from '../types';

const RETRIEVE = /retrieve$/;
const SCENE_POLL = 2;
/** `retry_reason` of a message that follows one that was lost. */
const NO_REASON = 0;

/** A message of a call, as it was found in a native call. */
interface Message {
  channel: MessageEvent['channel'];
  request: Any;
  isRetrieval: boolean;
}

/** Finds the messages of the conversation among all that crosses to the client. */
export class MessageWatch {
  /** Ids whose first message has been seen, over relay and cloud: there a repeat looks like the first. */
  private readonly seen = new Set<string>();
  private readonly open = new Map<number, Pick<MessageEvent, 'id' | 'kind' | 'channel'>>();

  constructor(
    private readonly isRelay: (url: string) => boolean,
    private readonly tell: (event: Omit<MessageEvent, 'at' | 'type'>) => void,
  ) {}

  see(phase: 'start' | 'end', call: NativeCall): void {
    if (phase === 'end') return this.end(call);
    const message = this.messageOf(call);
    if (!message) return;
    const { channel, request } = message;
    const id = String(request?.call_id ?? request?.client_msg_id ?? request?.request_id ?? '');
    const kind = this.kindOf(message, id);
    this.open.set(call.seq, { id, kind, channel });
    this.tell({ id, kind, channel, seq: call.seq, phase: 'request', payload: markText(request) });
  }

  private end(call: NativeCall): void {
    const message = this.open.get(call.seq);
    if (!message) return;
    this.open.delete(call.seq);
    const isAnswered = call.reply !== undefined && !/:fail/.test(String(call.reply.errMsg));
    this.tell({
      ...message,
      seq: call.seq,
      phase: isAnswered ? 'answer' : 'lost',
      payload: call.reply === undefined ? undefined : markText(isAnswered ? answerOf(call) : call.reply),
    });
  }

  private messageOf({ api, params }: NativeCall): Message | undefined {
    if (api === 'operateWXData') {
      const { api_name: name, data: request, operate_directly: isDirect } = params.data as Any;
      if (!/^webapi_servicemarket/.test(String(name))) return undefined;
      return { channel: isDirect ? 'bridge' : 'native', request, isRetrieval: RETRIEVE.test(name as string) };
    }
    if (api === 'cloud.callFunction') {
      const request = params.data as Any;
      return { channel: 'cloud', request, isRetrieval: request?.action === 'retrieve' };
    }
    if (api !== 'request' || !this.isRelay(params.url as string)) return undefined;
    const { pathname } = new URL(params.url as string);
    if (!/\/(invoke|retrieve)$/.test(pathname)) return undefined;
    return { channel: 'relay', request: parsed(params.data), isRetrieval: RETRIEVE.test(pathname) };
  }

  private kindOf({ channel, request, isRetrieval }: Message, id: string): MessageEvent['kind'] {
    if (isRetrieval) return 'retrieve';
    const isKnown = this.seen.has(id);
    this.seen.add(id);
    if (channel === 'relay' || channel === 'cloud') return isKnown ? 'repeat' : 'call';
    if ((request?.retry_reason ?? NO_REASON) !== NO_REASON) return 'repeat';
    return request?.scene === SCENE_POLL ? 'poll' : 'call';
  }
}

/** The market's own answer, out of what carries it. */
function answerOf({ api, reply }: NativeCall): unknown {
  if (api === 'cloud.callFunction') return reply.result as unknown;
  if (api === 'request') return reply.data as unknown;
  const data = parsed(reply.data) as Any;
  return parsed(data?.data) ?? data;
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
