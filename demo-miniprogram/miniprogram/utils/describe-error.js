const SERVICE_CLOSED =
  'The service is not open for this mini-program, or nothing is left in its package. Open it in the service market.';
const WRONG_SERVICE =
  'This service or interface does not exist. Check its appid and name in the service market.';
const TRY_LATER = 'The service does not answer at the moment. Try again later.';

const NO_WAY =
  'This phone cannot send it by itself, and the app has no other way set up. Its developer can: see the details below.';
const WRONG_INPUT = 'The service could not use what it was given. Choose something else.';

const ADVICE = {
  '-1': 'The request is incomplete or this phone cannot send it. See the details below.',
  '-2': 'The request did not get through. Check the network and try again.',
  '-3': WRONG_INPUT,
  '-6': WRONG_SERVICE,
  '-7': WRONG_SERVICE,
  '-8': WRONG_SERVICE,
  '-10': SERVICE_CLOSED,
  '-11': 'Too many requests. Wait a moment and try again.',
  103: WRONG_INPUT,
  104: TRY_LATER,
  45009: "Today's quota is used up. Try again tomorrow.",
  9301002: TRY_LATER,
  9301010: SERVICE_CLOSED,
};

/**
 * Puts an error of `wx.serviceMarket`, or of any other `wx` function, into words for the page.
 *
 * @param {{errCode?: number, errMsg?: string, message?: string}} err
 * @returns {{code: string, advice: string, message: string}} `code` is '' where the platform gives none
 */
function describeError(err) {
  const code = typeof err.errCode === 'number' ? String(err.errCode) : '';
  const message = err.errMsg || err.message || String(err);
  const advice = ADVICE[code] || 'Something went wrong. Try again.';
  return { code, advice: message.includes('no channel for') ? NO_WAY : advice, message };
}

module.exports = { describeError };
