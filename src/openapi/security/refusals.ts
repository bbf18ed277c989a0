/**
 * What the platform means when it refuses a call for its encryption or signature (protocol 17). It looks at these before
 * it does anything, so such a call was not carried out. A table of its own, to compare with the platform's.
 */
export const SECURITY_REFUSALS: ReadonlyMap<unknown, string> = new Map([
  [40230, notSecured('the number of a key')],
  [40231, notSecured('a timestamp')],
  [40232, notSecured('a signature')],
  [40233, notSecured('an appid')],
  [
    40234,
    'The signature does not fit. Compare "security.privateKey" with the public key in the console; a proxy that changes the URL or the body breaks it too.',
  ],
  [40235, 'The body cannot be decrypted. Compare "security.symmetric", its number too, with the console.'],
  [40236, 'The keys are those of another app. Compare "appid" with the app whose keys these are.'],
  [40237, 'The keys are those of another app. Compare "appid" with the app whose keys these are.'],
  [40238, 'The app has no symmetric key. Make one in the console, and set "security.symmetric".'],
  [
    40239,
    'The app has no public key. Put one into the console, and set "security.privateKey" to its other half.',
  ],
  [40240, "The call came too late, or this machine's clock is wrong. Set the clock by NTP."],
]);

function notSecured(missing: string): string {
  return `API security is switched on for this call in the console, and the call had not ${missing}. Set "security", and list the call under "security.calls".`;
}
