import jsTokens from 'js-tokens';
import { html, type TemplateResult } from 'lit-html';

const KEYWORDS =
  /^(await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|if|import|in|instanceof|let|new|of|return|static|switch|this|throw|try|typeof|var|void|while|yield|async|true|false|null|undefined)$/;

/** What a token of js-tokens is drawn as. */
const CLASSES: Record<string, string> = {
  StringLiteral: 'string',
  NoSubstitutionTemplate: 'string',
  TemplateHead: 'string',
  TemplateMiddle: 'string',
  TemplateTail: 'string',
  NumericLiteral: 'number',
  RegularExpressionLiteral: 'string',
  SingleLineComment: 'comment',
  MultiLineComment: 'comment',
};

/** A source in colour, where it is a script; the end of the last line counts, as in the field above it. */
export function highlighted(file: string, source: string): unknown {
  if (!file.endsWith('.js')) return `${source}\n`;
  const parts = [...jsTokens(source)].map(({ type, value }): string | TemplateResult => {
    const name = type === 'IdentifierName' && KEYWORDS.test(value) ? 'keyword' : CLASSES[type];
    return name ? html`<span class="token--${name}">${value}</span>` : value;
  });
  return [...parts, '\n'];
}
