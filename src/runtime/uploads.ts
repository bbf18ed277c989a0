import { ERR_CALL, LARGEST_FILE } from '../protocol';
import type { CDNContent } from '../protocol';
import { type Call, createTimer } from './call';
import { overChannels } from './channels/choose';
import { filePathOf, sizeOf } from './content';
import { registry } from './registry';
import { takeSlot } from './transfers';

/** Equal for contents that are sure to be the same: two buffers may be filled differently before they are sent. */
function keyOf(content: CDNContent): unknown {
  const path = filePathOf(content);
  if (path) return 'file ' + path;
  return typeof content === 'string' ? 'text ' + content : content;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, bytes) => total + bytes, 0);
}

/**
 * Uploads each distinct content once; the first failure ends the call.
 *
 * @param done - gets the URL for each of `contents`
 */
export function uploadAll(call: Call, contents: CDNContent[], done: (urls: string[]) => void): void {
  const keys = contents.map(keyOf);
  const unlike = contents.filter((_content, i) => keys.indexOf(keys[i]) === i);
  const expected = unlike.map(sizeOf);
  const sent = unlike.map(() => 0);
  const urls: { [key: number]: string } = {};
  let left = unlike.length;

  function report(index: number, bytes: number, of: number): void {
    sent[index] = bytes;
    expected[index] = of;
    const totalBytesSent = sum(sent);
    const totalBytesExpectedToSend = sum(expected);
    const progress = Math.floor((100 * totalBytesSent) / (totalBytesExpectedToSend || 1));
    call.report({ phase: 'upload', progress, totalBytesSent, totalBytesExpectedToSend });
  }

  function finish(): void {
    done(keys.map((key) => urls[keys.indexOf(key)]));
  }

  unlike.forEach((content, index) => {
    const setTimer = createTimer(call);
    takeSlot(call, (release) => {
      const { uploadTimeout, uploadRate } = registry().limits;
      const ms = uploadTimeout + ((expected[index] || LARGEST_FILE) / uploadRate) * 1000;
      setTimer(ms, () => call.fail(ERR_CALL, 'upload:fail timeout'));
      overChannels(call, 'upload', (channel, refused) =>
        channel.upload!(
          call,
          content,
          (url) => {
            setTimer();
            release();
            if (!url) return call.fail(ERR_CALL, 'upload:fail no URL in the answer');
            report(index, expected[index], expected[index]);
            urls[contents.indexOf(content)] = url;
            if (!--left) finish();
          },
          (bytes, of) => report(index, bytes, of),
          refused,
        ),
      );
    });
  });
  if (!left) finish();
}
