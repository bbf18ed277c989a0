import { html, type TemplateResult } from 'lit-html';
import type { Language } from '../../engine/types';
import type { Theme } from '../store';
import type { View } from './view';

export function header({ state, text, actions }: View): TemplateResult {
  return html`
    <a class="skip" href="#phone">${text('skip')}</a>
    <header class="header">
      <div class="header__title">
        <h1>${text('title')}</h1>
        <p>${text('tagline')}</p>
      </div>
      <div class="header__tools">
        <label class="tool">
          <span>${text('language')}</span>
          <select @change=${(event: Event) => actions.setLanguage(valueOf(event) as Language)}>
            <option value="zh" lang="zh-CN" .selected=${state.language === 'zh'}>中文</option>
            <option value="en" lang="en" .selected=${state.language === 'en'}>English</option>
          </select>
        </label>
        <label class="tool">
          <span>${text('theme')}</span>
          <select @change=${(event: Event) => actions.setTheme(valueOf(event) as Theme)}>
            <option value="auto" .selected=${state.theme === 'auto'}>${text('themeAuto')}</option>
            <option value="light" .selected=${state.theme === 'light'}>${text('themeLight')}</option>
            <option value="dark" .selected=${state.theme === 'dark'}>${text('themeDark')}</option>
          </select>
        </label>
      </div>
    </header>
  `;
}

const valueOf = (event: Event): string => (event.target as HTMLSelectElement).value;
