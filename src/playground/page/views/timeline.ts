import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { MarkedText, MessageEvent } from '../../engine/types';
import type { TextKey } from '../texts';
import type { Happening, HappeningKind } from '../timeline';
import { markedText } from './marked-text';
import type { View } from './view';

const KINDS: Record<HappeningKind, TextKey> = {
  call: 'kindCall',
  message: 'kindMessage',
  upload: 'kindUpload',
  native: 'kindNative',
  bill: 'kindBill',
  console: 'kindConsole',
  'page-error': 'kindError',
};
const OVER = { bridge: 'overBridge', relay: 'overRelay', cloud: 'overCloud', native: 'overNative' } as const;
const TO = { cdn: 'toCdn', relay: 'toRelay', cloud: 'toCloud' } as const;
const MESSAGES: Record<MessageEvent['kind'], TextKey> = {
  call: 'messageCall',
  poll: 'messagePoll',
  repeat: 'messageRepeat',
  retrieve: 'messageRetrieve',
};

/** Everything that happens on the phone, as it happens. */
export function timeline(view: View): TemplateResult {
  const { state, text, actions } = view;
  const { happenings } = state.timeline;
  const shown = happenings.filter(({ kind }) => !state.hidden.includes(kind));
  return html`
    <section class="card timeline" aria-labelledby="timeline-heading">
      <div class="heading">
        <h2 id="timeline-heading">${text('happenings')}</h2>
        <button
          class="button button--quiet"
          ?disabled=${happenings.length === 0}
          @click=${() => actions.clear()}
        >
          ${text('clear')}
        </button>
      </div>
      <div class="chips" role="group" aria-label=${text('show')}>
        ${Object.entries(KINDS).map(
          ([kind, label]) => html`
            <button
              class="chip chip--${kind}"
              aria-pressed=${!state.hidden.includes(kind)}
              @click=${() => actions.toggleKind(kind)}
            >
              ${text(label)}
            </button>
          `,
        )}
      </div>
      ${
        shown.length > 0
          ? html`<ol class="happenings">
              ${repeat(
                shown,
                ({ key }) => key,
                (happening) => line(view, happening),
              )}
            </ol>`
          : html`<p class="hint">${text('happeningsNone')}</p>`
      }
    </section>
  `;
}

/** What a line says: its words, how it stands, and what can be unfolded. */
interface Line {
  words: unknown;
  state?: TextKey;
  payloads?: [TextKey, MarkedText | undefined][];
  extra?: unknown;
}

function line(view: View, happening: Happening): TemplateResult {
  const { kind, at } = happening;
  const { words, state, payloads = [], extra = nothing } = describe(view, happening);
  const given = payloads.filter(([, payload]) => payload !== undefined);
  const head = html`
    <span class="happening__at">${(at / 1000).toFixed(2)} s</span>
    <span class="kind kind--${kind}">${view.text(KINDS[kind])}</span>
    <span class="happening__words">${words}</span>
    ${state ? html`<span class="state state--${state}">${view.text(state)}</span>` : nothing}
  `;
  return html`
    <li class="happening happening--${kind}">
      ${
        given.length > 0
          ? html`<details>
              <summary>${head}</summary>
              ${given.map(
                ([label, payload]) => html`
                  <p class="payload__label">${view.text(label)}</p>
                  ${markedText(payload as MarkedText)}
                `,
              )}
            </details>`
          : html`<div class="happening__head">${head}</div>`
      }
      ${extra}
    </li>
  `;
}

function describe({ text }: View, happening: Happening): Line {
  switch (happening.kind) {
    case 'call': {
      const { first, last } = happening;
      const state = last.state === 'done' || last.state === 'failed' ? last.state : 'running';
      const received = last.state === 'failed' ? last.error?.payload : last.payload;
      return {
        words: html`<code>${first.api}</code>`,
        state,
        payloads: [
          ['sent', first.payload],
          ['received', last === first ? undefined : received],
        ],
      };
    }
    case 'message': {
      const { first, last } = happening;
      const state = last ? (last.phase === 'lost' ? 'lost' : 'answered') : 'waiting';
      return {
        words: html`${text(MESSAGES[first.kind])} ${text(OVER[first.channel])}
          <code class="id">${first.id}</code>`,
        state,
        payloads: [
          ['sent', first.payload],
          ['received', last?.payload],
        ],
      };
    }
    case 'upload': {
      const { state, via, sent, total, url } = happening.last;
      return {
        words: html`${text(TO[via])}, ${Math.round(sent / 1000)} / ${Math.round(total / 1000)} kB`,
        state,
        extra: html`
          <progress max=${total || 1} value=${sent} aria-label=${text('uploadProgress')}></progress>
          ${url ? html`<p class="url">${url}</p>` : nothing}
        `,
      };
    }
    case 'native': {
      const { first, last } = happening;
      const answer = last?.failed ? 'failed' : last?.noSession ? 'noSession' : 'done';
      const ended = last?.aborted ? 'aborted' : answer;
      return {
        words: html`<code>${first.api}</code>${last ? ` ${Math.round(last.at - first.at)} ms` : ''}`,
        state: last ? ended : 'running',
        payloads: [
          ['sent', first.payload],
          ['received', last?.payload],
        ],
      };
    }
    case 'bill':
      return { words: html`${happening.first.api} <code class="id">${happening.first.id}</code>` };
    case 'console':
      return { words: html`<code>${happening.first.level}</code> ${happening.first.text}` };
    case 'page-error':
      return { words: happening.first.message };
  }
}
