import { html, type TemplateResult } from 'lit-html';
import { bills } from './bills';
import { code } from './code';
import { header } from './header';
import { outcome } from './outcome';
import { phone } from './phone';
import { picture } from './picture';
import { settings } from './settings';
import { timeline } from './timeline';
import type { View } from './view';

/** The whole page. */
export function app(view: View): TemplateResult {
  const { state, text, actions } = view;
  const isCode = state.panel === 'code';
  return html`
    ${header(view)}
    <main class="main main--${state.panel}">
      <div class="column column--settings">${settings(view)}${picture(view)}</div>
      <div class="column column--phone">${phone(view)}</div>
      <div class="work">
        <div class="switch" role="group" aria-label=${text('show')}>
          <button aria-pressed=${!isCode} @click=${() => actions.showPanel('happenings')}>
            ${text('happenings')}
          </button>
          <button aria-pressed=${isCode} @click=${() => actions.showPanel('code')}>${text('code')}</button>
        </div>
        <div class="column column--happenings">${outcome(view)}${bills(view)}${timeline(view)}</div>
        <div class="column column--code">${code(view)}</div>
      </div>
    </main>
    <footer class="footer"><p>${text('simulated')}</p></footer>
    <p class="unseen" role="status" id="said"></p>
  `;
}
