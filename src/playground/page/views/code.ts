import { html, nothing, type TemplateResult } from 'lit-html';
import { highlighted } from '../highlight';
import { shownFiles } from '../sources';
import type { View } from './view';

/** The mini-program's own code, to be changed and run again. */
export function code(view: View): TemplateResult {
  const { state, text, actions } = view;
  const { sources, file, changed, example } = state;
  const source = sources[file] ?? '';
  return html`
    <section class="card code-panel" aria-labelledby="code-heading">
      <div class="heading">
        <h2 id="code-heading">${text('code')}</h2>
        <p class="hint">${text('codeHint')}</p>
      </div>
      <div class="files" role="group" aria-label=${text('files')}>
        ${shownFiles(sources, example).map(
          (path) => html`
            <button class="file" aria-pressed=${path === file} @click=${() => actions.openFile(path)}>
              ${path.slice(path.lastIndexOf('/') + 1)}${changed.includes(path) ? html`<span aria-hidden="true"> •</span>` : nothing}
            </button>
          `,
        )}
      </div>
      <div class="editor">
        <pre class="editor__shown" aria-hidden="true">${highlighted(file, source)}</pre>
        <textarea
          class="editor__text"
          name="code"
          aria-label=${text('editor', { file })}
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          .value=${source}
          @input=${(event: Event) => actions.edit((event.target as HTMLTextAreaElement).value)}
          @scroll=${follow}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void actions.restart();
          }}
        ></textarea>
      </div>
      <div class="row">
        <button class="button button--main" @click=${() => void actions.restart()}>${text('run')}</button>
        <button class="button" ?disabled=${changed.length === 0} @click=${() => actions.undoEdits()}>
          ${text('undo')}
        </button>
        <span class="hint" role="status">${state.isStale ? text('edited') : ''}</span>
      </div>
    </section>
  `;
}

/** What is shown in colour lies below what is written, and moves with it. */
function follow({ target }: Event): void {
  const written = target as HTMLTextAreaElement;
  const shown = written.previousElementSibling as HTMLElement;
  shown.scrollTop = written.scrollTop;
  shown.scrollLeft = written.scrollLeft;
}
