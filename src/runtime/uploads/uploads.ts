import { ERR_CALL, MAX_FILE_BYTES } from '../../protocol';
import type { CDNContent } from '../../protocol';
import { withFirstAvailableChannel } from '../channels/select-channel';
import { createTimer, onCallEnd, reportProgress } from '../core/call';
import { type Failure, failure } from '../core/failure';
import type { Call } from '../core/types';
import { firstIndexOfEach, sizeOf } from '../payload/content';

/** The bytes that an upload is planned for. @param size - 0 for a file: the host reports its size as it sends */
function plannedBytes(size: number): number {
  return size || MAX_FILE_BYTES;
}

/** How long an upload may take, in ms. */
function timeLimit(call: Call, size: number): number {
  const { uploadTimeout, uploadRate } = call.app.limits;
  return uploadTimeout + (plannedBytes(size) / uploadRate) * 1000;
}

/** The words with which hosts refuse an upload while others run: nothing of it was sent. */
const NO_SLOT = /:fail exceed max/i;

/**
 * Runs `transfer` when one of the app's transfer slots is free. The slot is free again when the transfer is over, or
 * the call is. If the host has no slot left, because it has fewer or the page uploads too, the transfer waits for one.
 */
function withTransferSlot<R>(call: Call, transfer: () => Promise<R>): Promise<R> {
  const { limits, transfers } = call.app;
  const setTimer = createTimer(call);
  return new Promise((resolve, reject) => {
    let isActive = false;
    function start(): void {
      isActive = true;
      transfers.active++;
      transfer().then(
        (result) => {
          resolve(result);
          release();
        },
        (fault: Failure) => {
          if (isActive && NO_SLOT.test(fault.errMsg)) return waitForSlot();
          reject(fault);
          release();
        },
      );
    }
    function waitForSlot(): void {
      isActive = false;
      transfers.active--;
      transfers.max = transfers.active || 1;
      transfers.queue.unshift(start);
      // If none of ours runs, nothing says when a slot is free.
      if (!transfers.active) setTimer(limits.pollInterval, startNext);
    }
    function startNext(): void {
      const max = Math.min(limits.transfers, transfers.max || Infinity);
      while (transfers.queue.length && transfers.active < max) transfers.queue.shift()!();
    }
    function release(): void {
      if (isActive) transfers.active--;
      isActive = false;
      transfers.queue = transfers.queue.filter((waiting) => waiting !== start);
      startNext();
    }
    transfers.queue.push(start);
    onCallEnd(call, release);
    startNext();
  });
}

/** Adds up the progress of a call's uploads and reports it. */
function createProgress(call: Call): (size: number) => (sent?: number, total?: number) => void {
  let uploads = 0;
  let allPercent = 0;
  let allSent = 0;
  let allTotal = 0;

  /**
   * Adds an upload of `size` bytes.
   * @returns to be called with its bytes sent and to be sent; without them when it is done
   */
  return (size) => {
    let percent = 0;
    let sent = 0;
    let total = size;
    uploads++;
    allTotal += size;
    return (nowSent, nowTotal) => {
      if (!nowTotal) nowSent = nowTotal = total;
      // The host has reported the last bytes, and now the upload is done.
      if (percent === 100 && nowSent === sent && nowTotal === total) return;
      const nowPercent = nowTotal ? Math.min(100, Math.floor((100 * nowSent!) / nowTotal)) : 100;
      // In percent of each content, because the size of a file may become known late or never; it never goes back.
      allPercent += Math.max(0, nowPercent - percent);
      percent = Math.max(percent, nowPercent);
      allSent += nowSent! - sent;
      allTotal += nowTotal - total;
      sent = nowSent!;
      total = nowTotal;
      reportProgress(call, 'upload', Math.floor(allPercent / uploads), allSent, allTotal);
    };
  };
}

/**
 * Uploads the contents of a call's markers, over the first channel that can.
 *
 * @returns the URL for each of `contents`; equal contents have the same
 * @throws Failure of the first upload that fails; it ends the call, and that stops the others
 */
export function uploadAll(call: Call, contents: CDNContent[]): Promise<string[]> {
  const addProgress = createProgress(call);

  function upload(content: CDNContent, size: number): Promise<string> {
    const timeout = timeLimit(call, size);
    const setTimer = createTimer(call);
    const onBytes = addProgress(size);
    let hasBegun = false;
    return withTransferSlot(call, () => {
      // Waiting for a slot of the host counts; waiting for one of the app's does not.
      if (!hasBegun) setTimer(timeout, () => call.fail(failure(ERR_CALL, 'upload:fail timeout')));
      hasBegun = true;
      return withFirstAvailableChannel(call, 'upload', (channel) =>
        channel.upload(call, content, onBytes, timeout),
      ).then((url) => {
        setTimer();
        if (!url) throw failure(ERR_CALL, 'upload:fail no URL');
        onBytes();
        return url;
      });
    });
  }

  // Each distinct content is uploaded once.
  const firstIndexes = firstIndexOfEach(contents);
  const distinct = firstIndexes.filter((first, index) => first === index);
  const sizes = contents.map((content, index) => (firstIndexes[index] === index ? sizeOf(content) : 0));
  // The largest starts first: a long one that starts last would be waited for alone.
  distinct.sort((a, b) => plannedBytes(sizes[b]!) - plannedBytes(sizes[a]!));
  const uploads: Array<Promise<string>> = [];
  distinct.forEach((index) => {
    uploads[index] = upload(contents[index]!, sizes[index]!);
  });
  // Each marker gets the URL of its own content.
  return Promise.all(firstIndexes.map((first) => uploads[first]!));
}
