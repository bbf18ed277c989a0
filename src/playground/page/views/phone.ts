import { html, nothing, type TemplateResult } from 'lit-html';
import { lastCall } from '../timeline';
import type { View } from './view';

/** The phone. What is on its screen is a frame of its own, which stays while everything around it is drawn again. */
export function phone({ state, text, actions }: View): TemplateResult {
  const running = ['started', 'progress'].includes(lastCall(state.timeline)?.last.state ?? '');
  return html`
    <section class="phone" id="phone" data-state=${state.phone} aria-labelledby="phone-heading" tabindex="-1">
      <h2 id="phone-heading" class="unseen">${text('phone')}</h2>
      <div class="phone__body">
        <div class="phone__bar" aria-hidden="true">
          <span>9:41</span>
          <span class="phone__library">${state.settings.sdkVersion.replace(/-without.*/, '')}</span>
        </div>
        <div class="phone__screen" id="screen"></div>
        ${state.phone === 'starting' ? html`<p class="phone__cover">${text('phoneStarting')}</p>` : nothing}
        ${
          state.phone === 'failed'
            ? html`<div class="phone__cover" role="alert">
                <p>${text('phoneFailed')}</p>
                <pre class="phone__problem" tabindex="0">${state.problem}</pre>
              </div>`
            : nothing
        }
      </div>
      <div class="row phone__buttons">
        <button class="button" @click=${() => void actions.restart()}>${text('restart')}</button>
        <button class="button" ?disabled=${!running} @click=${() => actions.abort()}>${text('abort')}</button>
      </div>
      <p class="hint phone__theme">${text(asksForDark(state.sources) ? 'darkUnsupported' : 'staysLight')}</p>
    </section>
  `;
}

/** WeChat darkens the mini-programs alone that ask for it. */
const asksForDark = (sources: Record<string, string>): boolean =>
  /"darkmode"\s*:\s*true/.test(sources['miniprogram/app.json'] ?? '');
