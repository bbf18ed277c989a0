'use strict';

/** What the service calls a hit: `EvilType`, by kind, with the phrases that this small list knows. */
const KINDS = [
  { type: 20103, phrases: ['online casino', 'sports betting', 'jackpot', 'slot machine', '博彩', '赌场'] },
  {
    type: 20105,
    phrases: ['get rich quick', 'double your money', 'wire transfer fee', 'claim your prize', '刷单'],
  },
  { type: 20107, phrases: ['miracle cure', 'lose weight overnight', '包治百病'] },
  { type: 20110, phrases: ['buy followers', 'cheap followers', 'add me on telegram', '加微信领取'] },
];
const LONGEST = 5000;

const isWordCharacter = (character) => /[a-z0-9]/i.test(character ?? '');

/** Finds a phrase as whole words; Chinese has no word borders, so its phrases match anywhere. */
function contains(text, phrase) {
  for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1)) {
    const before = isWordCharacter(text[at - 1]) && isWordCharacter(phrase[0]);
    const after = isWordCharacter(text[at + phrase.length]) && isWordCharacter(phrase.at(-1));
    if (!before && !after) return true;
  }
  return false;
}

/**
 * The service `msgSecCheck`, action `TextApproval`: looks a text up in a small list of unwanted phrases.
 *
 * @param {{Action: string, Text: string}} data - at most 5,000 characters
 * @returns {{Response: {EvilTokens: {EvilFlag: 1, EvilType: number, EvilKeywords: string[]}[]}}} no token: accepted
 * @throws {Error} when the action or the text is missing or wrong
 */
function checkText(data) {
  const { Action: action, Text: text } = data ?? {};
  if (action !== 'TextApproval') {
    throw new Error(`Failed to check the text: Action is ${JSON.stringify(action)}. Use "TextApproval".`);
  }
  if (typeof text !== 'string' || text === '' || text.length > LONGEST) {
    throw new Error(`Failed to check the text: Text must be 1 to ${LONGEST} characters. Send it in pieces.`);
  }
  const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
  const tokens = KINDS.map(({ type, phrases }) => ({
    EvilFlag: 1,
    EvilType: type,
    EvilKeywords: phrases.filter((phrase) => contains(plain, phrase)),
  }));
  return { Response: { EvilTokens: tokens.filter(({ EvilKeywords }) => EvilKeywords.length > 0) } };
}

module.exports = { checkText };
