import { ERR_CALL, LARGEST_FILE } from '../protocol';
import type { CDNContent } from '../protocol';
import { type Call, createTimer } from './call';
import { overChannels } from './channels/choose';
import { isSame, sizeOf } from './content';
import { failure } from './failure';
import { report } from './progress';
import { registry } from './registry';
import { inTurn } from './transfers';

/**
 * Uploads each distinct content once.
 *
 * @returns the URL for each of `contents`
 */
export function uploadAll(call: Call, contents: CDNContent[]): Promise<string[]> {
  const uploads: Array<Promise<string>> = [];
  let allSent = 0;
  let allExpected = 0;

  function upload(content: CDNContent): Promise<string> {
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
      const ms = uploadTimeout + ((expected || LARGEST_FILE) / uploadRate) * 1000;
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

  return Promise.all(
    contents.map((content, i) => {
      let first = 0;
      while (!isSame(contents[first], content)) first++;
      return (uploads[i] = uploads[first] || upload(content));
    }),
  );
}
