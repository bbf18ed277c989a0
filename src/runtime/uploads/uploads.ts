import { ERR_CALL, LARGEST_FILE } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { type Call, createTimer } from '../core/call';
import { overChannels } from '../channels/select-channel';
import { placesOf, sizeOf } from '../payload/content';
import { failure } from '../core/failure';
import { report } from '../core/progress';
import { registry } from '../core/registry';
import { inTurn } from './transfer-slots';

/** Bytes that an upload is planned for. @param size - 0 for a file: the host tells it as it sends */
function weightOf(size: number): number {
  return size || LARGEST_FILE;
}

/**
 * Uploads each distinct content once, the largest first: a long one that starts last would be waited for alone.
 *
 * @returns the URL for each of `contents`
 */
export function uploadAll(call: Call, contents: CDNContent[]): Promise<string[]> {
  let started = 0;
  let allDone = 0;
  let allSent = 0;
  let allExpected = 0;

  function upload(content: CDNContent, size: number): Promise<string> {
    const setTimer = createTimer(call);
    let done = 0;
    let sent = 0;
    let expected = size;
    allExpected += expected;
    started++;

    /** In percent of each content, because the size of a file may show late or never. */
    function progress(nowSent: number, nowExpected: number): void {
      const nowDone = Math.max(
        done,
        Math.min(100, Math.floor(nowExpected ? (100 * nowSent) / nowExpected : 100)),
      );
      allDone += nowDone - done;
      done = nowDone;
      allSent += nowSent - sent;
      allExpected += nowExpected - expected;
      sent = nowSent;
      expected = nowExpected;
      report(call, 'upload', Math.floor(allDone / started), allSent, allExpected);
    }

    return inTurn(call, () => {
      const { uploadTimeout, uploadRate } = registry().limits;
      const ms = uploadTimeout + (weightOf(size) / uploadRate) * 1000;
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

  const places = placesOf(contents);
  const sizes = contents.map((content, place) => (places[place] === place ? sizeOf(content) : 0));
  const uploads: Array<Promise<string>> = [];
  places
    .filter((first, place) => first === place)
    .sort((a, b) => weightOf(sizes[b]!) - weightOf(sizes[a]!))
    .forEach((place) => {
      uploads[place] = upload(contents[place]!, sizes[place]!);
    });
  return Promise.all(places.map((first) => uploads[first]!));
}
