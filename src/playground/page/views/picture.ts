import { html, nothing, type TemplateResult } from 'lit-html';
import type { View } from './view';

/** The picture that the user of the phone chooses: the sample, a file, what is pasted or dropped. */
export function picture({ state, text, actions }: View): TemplateResult {
  const { picture: chosen, pictureProblem } = state;
  const pick = (event: Event): void => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) void actions.usePicture(file, 'file');
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void actions.usePicture(file, 'file');
  };
  const name = chosen?.origin === 'sample' ? text('pictureSample') : chosen?.name || text('pasted');
  return html`
    <section
      class="card picture"
      aria-labelledby="picture-heading"
      @drop=${drop}
      @dragover=${(event: Event) => event.preventDefault()}
    >
      <h2 id="picture-heading">${text('picture')}</h2>
      <div class="picture__row">
        ${chosen ? html`<img class="picture__preview" src=${chosen.url} alt=${text('pictureAlt')} />` : nothing}
        <div class="picture__about">
          ${chosen ? html`<p class="picture__name">${name} <span>${sizeOf(chosen.bytes.length)}</span></p>` : nothing}
          <div class="row">
            <label class="button button--file">
              <input class="unseen" type="file" name="picture" accept="image/*" @change=${pick} />
              ${text('pictureFile')}
            </label>
            <button
              class="button"
              ?disabled=${chosen?.origin === 'sample'}
              @click=${() => void actions.useSample()}
            >
              ${text('pictureSample')}
            </button>
          </div>
        </div>
      </div>
      <p class="hint">${text('pictureHint')}</p>
      ${pictureProblem ? html`<p class="problem" role="alert">${pictureProblem}</p>` : nothing}
    </section>
  `;
}

const sizeOf = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1000))} kB`;
