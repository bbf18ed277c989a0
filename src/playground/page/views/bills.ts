import { html, type TemplateResult } from 'lit-html';
import type { View } from './view';

const OVER = { bridge: 'overBridge', relay: 'overRelay', cloud: 'overCloud', native: 'overNative' } as const;

/** What the market has billed, by id. */
export function bills({ state, text }: View): TemplateResult {
  const written = state.timeline.bills;
  return html`
    <section class="card bills" aria-labelledby="bills-heading">
      <div class="heading">
        <h2 id="bills-heading">${text('bills')}</h2>
        <span class="bills__sum">${text('billsSum', { count: written.length })}</span>
      </div>
      ${
        written.length === 0
          ? html`<p class="hint">${text('billsNone')}</p>`
          : html`<ul class="bills__list" tabindex="0" aria-labelledby="bills-heading">
              ${written.map(
                ({ id, service, api, channel, by }) => html`
                  <li class="bill">
                    <code class="id">${id}</code>
                    <p>${api} <small>${service}</small></p>
                    <p>${text('billPaid', { over: text(OVER[channel]), by })}</p>
                  </li>
                `,
              )}
            </ul>`
      }
    </section>
  `;
}
