/** What is wrong with a JSON file: how it is written, and which of its values the schema refuses. */
import type { Bilingual } from './language';

export const JSON_FAULTS = {
  notAnObject: { en: 'an object is expected, found {{found}}', zh: '应为对象，实际是 {{found}}' },

  // The parser's own names of what it met.
  InvalidSymbol: { en: 'invalid symbol in JSON', zh: 'JSON 中有无效的符号' },
  InvalidNumberFormat: { en: 'invalid number format in JSON', zh: 'JSON 中的数字格式无效' },
  PropertyNameExpected: { en: 'property name expected in JSON', zh: 'JSON 此处应为属性名' },
  ValueExpected: { en: 'value expected in JSON', zh: 'JSON 此处应为值' },
  ColonExpected: { en: 'colon expected in JSON', zh: 'JSON 此处应为冒号' },
  CommaExpected: { en: 'comma expected in JSON', zh: 'JSON 此处应为逗号' },
  CloseBraceExpected: { en: 'close brace expected in JSON', zh: 'JSON 此处应为右花括号' },
  CloseBracketExpected: { en: 'close bracket expected in JSON', zh: 'JSON 此处应为右方括号' },
  EndOfFileExpected: { en: 'end of file expected in JSON', zh: 'JSON 此处应已结束' },
  InvalidCommentToken: { en: 'invalid comment token in JSON', zh: 'JSON 中的注释无效' },
  UnexpectedEndOfComment: { en: 'unexpected end of comment in JSON', zh: 'JSON 中的注释没有结束' },
  UnexpectedEndOfString: { en: 'unexpected end of string in JSON', zh: 'JSON 中的字符串没有结束' },
  UnexpectedEndOfNumber: { en: 'unexpected end of number in JSON', zh: 'JSON 中的数字没有结束' },
  InvalidUnicode: { en: 'invalid unicode in JSON', zh: 'JSON 中的 Unicode 转义无效' },
  InvalidEscapeCharacter: { en: 'invalid escape character in JSON', zh: 'JSON 中的转义字符无效' },
  InvalidCharacter: { en: 'invalid character in JSON', zh: 'JSON 中有无效的字符' },

  // The schema's refusals.
  wrongValue: {
    en: '{{key}} is {{value}}; allowed: {{allowed}}',
    zh: '{{key}} 的值是 {{value}}；允许：{{allowed}}',
  },
  unknownKey: { en: 'unknown key {{key}}; allowed: {{allowed}}', zh: '未知的键 {{key}}；允许：{{allowed}}' },
  missingKey: { en: '{{key}} is missing', zh: '缺少 {{key}}' },
  namedTwice: { en: '{{key}} is named twice', zh: '{{key}} 重复' },
  theValue: { en: 'the value', zh: '整个值' },
  oneOf: { en: 'one of {{list}}', zh: '{{list}} 之一' },
  or: { en: ' or ', zh: ' 或 ' },
  anObject: { en: 'an object', zh: '对象' },
  anArray: { en: 'an array{{size}}{{items}}', zh: '{{size}}{{items}}数组' },
  notEmpty: { en: ' that is not empty', zh: '非空' },
  ofValues: { en: ' of {{list}}', zh: '由 {{list}} 组成的' },
  ofStrings: { en: ' of strings', zh: '字符串' },
  aString: { en: 'a string', zh: '字符串' },
  aStringNotEmpty: { en: 'a string that is not empty', zh: '非空字符串' },
  aStringLike: { en: 'a string that matches {{pattern}}', zh: '匹配 {{pattern}} 的字符串' },
  aBoolean: { en: 'a boolean', zh: '布尔值' },
  anInteger: { en: 'an integer', zh: '整数' },
  anIntegerFrom: { en: 'an integer of at least {{minimum}}', zh: '不小于 {{minimum}} 的整数' },
  anIntegerBetween: {
    en: 'an integer from {{minimum}} to {{maximum}}',
    zh: '{{minimum}} 到 {{maximum}} 的整数',
  },
} as const satisfies Record<string, Bilingual>;
