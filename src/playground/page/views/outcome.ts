import { html, nothing, type TemplateResult } from 'lit-html';
import type { CallError } from '../../engine/types';
import { lastCall } from '../timeline';
import type { TextKey } from '../texts';
import { markedText } from './marked-text';
import type { View } from './view';

const STATES: Record<string, TextKey> = {
  started: 'outcomeRunning',
  progress: 'outcomeRunning',
  done: 'outcomeDone',
  failed: 'outcomeFailed',
};

/** What page code gets from its last call: the result, or the error with what it says about money and what to do. */
export function outcome(view: View): TemplateResult {
  const { state, text } = view;
  const call = lastCall(state.timeline);
  return html`
    <section class="card outcome outcome--${call?.last.state ?? 'none'}" aria-labelledby="outcome-heading">
      <h2 id="outcome-heading">${text('outcome')}</h2>
      ${
        call
          ? html`
              <p class="outcome__state">
                ${text(STATES[call.last.state] as TextKey, {
                  api: call.last.api,
                  ms: Math.round(call.last.at - call.at),
                })}
              </p>
              ${
                call.last.state === 'progress'
                  ? html`<progress
                      max="100"
                      value=${call.last.progress ?? 0}
                      aria-label=${text('running')}
                    ></progress>`
                  : nothing
              }
              ${call.last.error ? failure(view, call.last.error) : nothing}
              ${call.last.state === 'done' && call.last.payload ? markedText(call.last.payload) : nothing}
            `
          : html`<p class="hint">${text('outcomeNone')}</p>`
      }
    </section>
  `;
}

function failure({ state, text }: View, error: CallError): TemplateResult {
  const word = error.billing ?? 'absent';
  const meaning = { none: 'billingNone', unknown: 'billingUnknown', absent: 'billingAbsent' } as const;
  return html`
    <p class="outcome__message">
      ${error.errCode === undefined ? nothing : html`<code class="code">${error.errCode}</code>`}
      ${error.message}
    </p>
    <p>
      <span class="billing billing--${word}">
        ${error.billing ? html`<code>billing: '${error.billing}'</code> ` : nothing}${text(meaning[word])}
      </span>
    </p>
    <p><strong>${text('whatToDo')}</strong> ${error.advice[state.language]}</p>
    <details>
      <summary>${text('details')}</summary>
      ${markedText(error.payload)}
    </details>
  `;
}
