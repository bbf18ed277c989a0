import { ERR_CALL, LARGEST_FILE } from '../protocol';
import type { CDNContent } from '../protocol';
import { type Call, createTimer } from './call';
import { overChannels } from './channels/choose';
import { filePathOf, sizeOf } from './content';
import { report } from './progress';
import { registry } from './registry';
import { takeSlot } from './transfers';

/** Equal for contents that are sure to be the same: two buffers may be filled differently before they are sent. */
function keyOf(content: CDNContent): unknown {
  const path = filePathOf(content);
  if (path) return 'file ' + path;
  return typeof content === 'string' ? 'text ' + content : content;
}

/**
 * Uploads each distinct content once; the first failure ends the call.
 *
 * @param done - gets the URL for each of `contents`
 */
export function uploadAll(call: Call, contents: CDNContent[], done: (urls: string[]) => void): void {
  const keys = contents.map(keyOf);
  const firsts = keys.map((key) => keys.indexOf(key));
  const expected = contents.map((content, i) => (firsts[i] === i ? sizeOf(content) : 0));
  const sent = contents.map(() => 0);
  const urls: string[] = [];
  let left = 1;

  function finishOne(): void {
    if (!--left) done(firsts.map((first) => urls[first]));
  }

  firsts.forEach((first, i) => {
    if (first !== i) return;
    left++;
    const setTimer = createTimer(call);
    function progress(bytes: number, of: number): void {
      sent[i] = bytes;
      expected[i] = of;
      report(call, 'upload', sent, expected);
    }
    takeSlot(call, (release) => {
      const { uploadTimeout, uploadRate } = registry().limits;
      const ms = uploadTimeout + ((expected[i] || LARGEST_FILE) / uploadRate) * 1000;
      setTimer(ms, () => call.fail(ERR_CALL, 'upload:fail timeout'));
      overChannels(call, 'upload', (channel, refused) =>
        channel.upload!(
          call,
          contents[i],
          (url) => {
            // A host may answer twice; the call must not go out before the others are there.
            if (urls[i]) return;
            setTimer();
            release();
            if (!url) return call.fail(ERR_CALL, 'upload:fail no URL in the answer');
            urls[i] = url;
            progress(expected[i], expected[i]);
            finishOne();
          },
          progress,
          refused,
          ms,
        ),
      );
    });
  });
  finishOne();
}
