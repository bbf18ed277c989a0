/**
 * What a host's words say about a message that failed. Only certainty counts: of anything that is not listed the message
 * may have arrived, and then the call may have been billed (design.md, Money). So time-outs, resets, "interrupted",
 * "system error" and a bare "fail" are not here, nor are ERR_INTERNET_DISCONNECTED and "appears to be offline": hosts say
 * them also when the network ends while a message is on its way.
 */

/** The host's own check before anything is sent: it lacks the API, or does not permit it to this app. */
const REFUSED = RegExp(
  [
    // The client's check of the app's permissions.
    '(no|without) permission',
    '(permission|access).denied',
    'invalid scope',
    // The user has denied the scope, now or earlier.
    'auth deny',
    // The base library or the client does not have it.
    'not.support',
    '(function|jsapi).not.exist',
    // The platform has withdrawn it from the app, or the app has not declared it; clients check both themselves.
    'api (is )?banned',
    'in the privacy agreement',
    // wx.cloud, -601034: the app has no cloud environment.
    '没有权限',
  ].join('|'),
  'i',
);

/** The phone was offline before the message was handed over, so that was not done (network.ts). */
export const NO_NETWORK = 'no network: nothing was sent';

/** The connection was never made, so nothing can have been sent over it. */
const UNCONNECTED = RegExp(
  [
    NO_NETWORK,
    // Nothing listens at the address. Android and desktop; Node; iOS, in both languages.
    'CONN(ECTION_)?REFUSED',
    'could not connect to the server',
    '未能连接到服务器',
    // The name has no address.
    'NAME_NOT_RESOLVED',
    'ENOTFOUND',
    'unable to resolve host',
    'specified hostname',
    '指定主机名',
    // The client's check of the app's domains.
    'not in domain list',
  ].join('|'),
  'i',
);

/**
 * Whether the words are of this kind. `wx.cloud` of newer base libraries sends a message again by itself, and its text has
 * the failure of each try, joined by `->`: what is said of one try is not certain of the others.
 */
function areAll(words: RegExp, reason: string): boolean {
  return reason.split('->').every((part) => words.test(part));
}

/** Whether the host refuses the API: nothing was sent, and another channel may be tried. @param reason - its text */
export function isRefusal(reason: string): boolean {
  return areAll(REFUSED, reason);
}

/** Whether a message over the network certainly did not leave the phone. @param reason - the host's text */
export function neverConnected(reason: string): boolean {
  return areAll(UNCONNECTED, reason);
}
