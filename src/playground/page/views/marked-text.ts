import { html, type TemplateResult } from 'lit-html';
import type { MarkedText } from '../../engine/types';

/** A payload, with its markers, URLs and ids told apart by more than their colour. */
export function markedText({ text, spans }: MarkedText): TemplateResult {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { start, end, kind } of spans) {
    parts.push(
      text.slice(at, start),
      html`<mark class="mark mark--${kind}">${text.slice(start, end)}</mark>`,
    );
    at = end;
  }
  // On one line, because the white space counts.
  return html`<pre class="payload" tabindex="0">${[...parts, text.slice(at)]}</pre>`;
}
