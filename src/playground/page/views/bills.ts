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
          : html`
              <div class="scroll" tabindex="0" role="group" aria-labelledby="bills-heading">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">${text('billId')}</th>
                      <th scope="col">${text('billService')}</th>
                      <th scope="col">${text('billChannel')}</th>
                      <th scope="col">${text('billPayer')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${written.map(
                      ({ id, service, api, channel, by }) => html`
                        <tr>
                          <td><code class="id">${id}</code></td>
                          <td>${api}<br /><small>${service}</small></td>
                          <td>${text(OVER[channel])}</td>
                          <td>${by}</td>
                        </tr>
                      `,
                    )}
                  </tbody>
                </table>
              </div>
            `
      }
    </section>
  `;
}
