import { ERR_CALL, LARGEST_FILE } from '../protocol';
import type { CDNContent } from '../protocol';
import { type Call, createTimer } from './call';
import { overChannels } from './channels/choose';
import { isSame, sizeOf } from './content';
import { failure } from './failure';
import { report } from './progress';
import { registry } from './registry';
import { inTurn } from './transfers';

/** Bytes that an upload is planned for; a file's size is not known before it is sent. */
function weightOf(content: CDNContent): number {
  return sizeOf(content) || LARGEST_FILE;
}

/**
 * Uploads each distinct content once, the largest first: a long one that starts last would be waited for alone.
 *
 * @returns the URL for each of `contents`
 */
export function uploadAll(call: Call, contents: CDNContent[]): Promise<string[]> {
  let allSent = 0;
  let allExpected = 0;

  function upload(content: CDNContent, weight: number): Promise<string> {
    const setTimer = createTimer(call);
    let sent = 0;
    let expected = sizeOf(content);
    allExpected += expected;

    function progress(nowSent: number, nowExpected: number): void {
      allSent += nowSent - sent;
      allExpected += nowExpected - expected;
      sent = nowSent;
      expected = nowExpected;
      report(call, 'upload', allSent, allExpected);
    }

    return inTurn(call, () => {
      const { uploadTimeout, uploadRate } = registry().limits;
      const ms = uploadTimeout + (weight / uploadRate) * 1000;
      setTimer(ms, () => call.fail(failure(ERR_CALL, 'upload:fail timeout')));
      return overChannels(call, 'upload', (channel) => channel.upload(call, content, progress, ms)).then(
        (url) => {
          if (!url) throw failure(ERR_CALL, 'upload:fail no URL');
          setTimer();
          progress(expected, expected);
          return url;
        },
      );
    });
  }

  const uploads: Array<Promise<string>> = [];
  const weights = contents.map(weightOf);
  weights
    .map((_weight, place) => place)
    .sort((a, b) => weights[b]! - weights[a]!)
    .forEach((place) => {
      const content = contents[place]!;
      const [same] = uploads.filter((_upload, other) => isSame(contents[other]!, content));
      uploads[place] = same || upload(content, weights[place]!);
    });
  return Promise.all(uploads);
}
