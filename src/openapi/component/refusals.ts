/** Where a ticket comes from, for whoever has none. */
export const TICKET_ADVICE =
  'The platform pushes one every 10 minutes to the address that the console of open.weixin.qq.com has as ' +
  '"授权事件接收配置" (authorization events), which must answer "success" and nothing else within 5 s. ' +
  'Call startTicketPush() to have pushes started that were stopped.';

/** What the platform means when it refuses a third-party platform, and what to do (protocol 18). */
export const COMPONENT_REFUSALS: ReadonlyMap<unknown, string> = new Map([
  [
    61003,
    'The app has not authorized this third-party platform, or has taken that back. Have its owner authorize it.',
  ],
  [
    61004,
    "This machine's address is not on the third-party platform's list of addresses. Add it in the console.",
  ],
  [61005, ticketRefused('has ended')],
  [61006, ticketRefused('is not valid')],
  [
    61007,
    'The app has not granted this interface. Have its owner grant the permission set, and authorize again.',
  ],
  [61009, 'The authorization code is wrong, or was used before. Have the app authorized again.'],
  [61010, 'The authorization code has ended. Have the app authorized again.'],
  [61011, 'There is no such third-party platform. Compare "appid" with the console.'],
  [61023, 'The refresh token is not valid any more. Have the app authorized again.'],
]);

function ticketRefused(cause: string): string {
  return `The ticket ${cause}. ${TICKET_ADVICE}`;
}
