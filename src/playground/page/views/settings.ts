import { html, type TemplateResult } from 'lit-html';
import type { PhoneSettings } from '../../engine/types';
import { CLOUD_FROM, PLUGINS_FROM, reaches, ROWS } from '../base-libraries';
import type { ExampleName } from '../store';
import type { TextKey } from '../texts';
import type { View } from './view';

const EXAMPLES = {
  ocr: 'exampleOcr',
  progress: 'exampleProgress',
  'long-task': 'exampleLongTask',
  plugin: 'examplePlugin',
} as const;
const CHANNELS = { relay: 'channelRelay', bridge: 'channelBridge', cloud: 'channelCloud' } as const;
const NETWORKS = {
  normal: 'networkNormal',
  slow: 'networkSlow',
  lossy: 'networkLossy',
  'lost-answer': 'networkLost',
  offline: 'networkOffline',
} as const;
const BILLINGS = { perMessage: 'billingPerMessage', perId: 'billingPerId' } as const;

/** The world around the mini-program. */
export function settings(view: View): TemplateResult {
  const { state, text, actions } = view;
  const { plugin, bridgeDenied, channel, network } = state.settings;
  const summary = [
    rowName(view, state.settings.sdkVersion),
    text(CHANNELS[channel]),
    text(NETWORKS[network]),
  ];
  return html`
    <details class="card settings" ?open=${!actions.isNarrow()}>
      <summary>
        <h2>${text('settings')}</h2>
        <span class="settings__summary">${summary.join(' · ')}</span>
      </summary>
      <div class="settings__fields">
        ${exampleField(view)} ${field(view, 'sdkVersion', 'baseLibrary', rows(view))}
        ${field(view, 'platform', 'platform', plain({ android: 'Android', ios: 'iOS' }, state.settings.platform))}
        ${field(view, 'channel', 'channel', translated(view, CHANNELS, channel), hintOfChannel(view))}
        ${field(view, 'network', 'network', translated(view, NETWORKS, network))}
        ${field(view, 'billing', 'billing', translated(view, BILLINGS, state.settings.billing))}
        ${toggle(view, 'plugin', plugin, reaches(state.settings.sdkVersion, PLUGINS_FROM) ? undefined : 'noPlugin')}
        ${toggle(view, 'bridgeDenied', bridgeDenied)}
        <button class="button button--quiet" @click=${() => actions.resetSettings()}>${text('reset')}</button>
      </div>
    </details>
  `;
}

/** Which mini-program runs. */
function exampleField(view: View): TemplateResult {
  const { state, text, actions } = view;
  const change = (event: Event): void =>
    actions.useExample((event.target as HTMLSelectElement).value as ExampleName);
  return html`
    <div class="field">
      <label for="set-example">${text('example')}</label>
      <select id="set-example" name="example" @change=${change}>
        ${translated(view, EXAMPLES, state.example)}
      </select>
    </div>
  `;
}

/** A labelled choice. */
function field(
  { text, actions }: View,
  name: keyof PhoneSettings,
  label: TextKey,
  options: unknown,
  hint?: string,
): TemplateResult {
  const change = (event: Event): void =>
    actions.changeSettings({ [name]: (event.target as HTMLSelectElement).value });
  return html`
    <div class="field">
      <label for="set-${name}">${text(label)}</label>
      <select id="set-${name}" name=${name} aria-describedby=${hint ? `hint-${name}` : ''} @change=${change}>
        ${options}
      </select>
      ${hint ? html`<p class="hint" id="hint-${name}">${hint}</p>` : ''}
    </div>
  `;
}

function toggle(
  { text, actions }: View,
  name: 'plugin' | 'bridgeDenied',
  isOn: boolean,
  impossible?: TextKey,
): TemplateResult {
  const change = (event: Event): void =>
    actions.changeSettings({ [name]: (event.target as HTMLInputElement).checked });
  return html`
    <label class="toggle">
      <input
        type="checkbox"
        name=${name}
        .checked=${isOn}
        ?disabled=${impossible !== undefined}
        @change=${change}
      />
      <span>${text(name)}${impossible ? html`<small class="hint">${text(impossible)}</small>` : ''}</span>
    </label>
  `;
}

function plain(names: Record<string, string>, current: string): TemplateResult[] {
  return Object.entries(names).map(
    ([value, name]) => html`<option value=${value} .selected=${value === current}>${name}</option>`,
  );
}

function translated({ text }: View, keys: Record<string, TextKey>, current: string): TemplateResult[] {
  return plain(Object.fromEntries(Object.entries(keys).map(([value, key]) => [value, text(key)])), current);
}

/** The base libraries by what the platform has in them. */
function rows(view: View): TemplateResult[] {
  const groups = { none: 'rowsNone', some: 'rowsSome', all: 'rowsAll' } as const;
  return Object.entries(groups).map(
    ([has, label]) => html`
      <optgroup label=${view.text(label)}>
        ${ROWS.filter((row) => row.has === has).map(
          ({ name }) => html`
            <option value=${name} .selected=${name === view.state.settings.sdkVersion}>
              ${rowName(view, name)}
            </option>
          `,
        )}
      </optgroup>
    `,
  );
}

function rowName({ text }: View, name: string): string {
  if (name === 'newest') return text('newest');
  return name.startsWith('newest') ? text('without') : name;
}

function hintOfChannel({ state, text, actions }: View): string {
  const { sdkVersion, channel } = state.settings;
  if (channel === 'cloud' && !reaches(sdkVersion, CLOUD_FROM)) return text('noCloud');
  if (ROWS.find(({ name }) => name === sdkVersion)?.has !== 'none') return text('hintNative');
  if (channel === 'bridge') return text('hintBridge');
  if (channel === 'cloud') return text('hintCloud');
  return text(actions.hasServer ? 'hintRelay' : 'hintRelayInPage');
}
