import { createHash } from 'node:crypto';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { RelayError } from '../../invocation';

/**
 * Passes an upload's bytes on, counts and digests them, and fails when there are more than `max`.
 *
 * The source is piped in rather than handed to `pipeline`, because `pipeline` destroys a source when a later
 * step fails: for a request that would close the connection before the client has its answer.
 */
export class UploadGuard extends Transform {
  bytes = 0;
  readonly #hash = createHash('sha256');

  /** @param max - bytes */
  constructor(
    source: Readable,
    private readonly max: number,
  ) {
    super();
    const fail = (cause: unknown): void => {
      this.destroy(cause instanceof RelayError ? cause : endedEarly(cause));
    };
    const onClose = (): void => {
      if (!source.readableEnded) fail(source.errored);
    };
    source.once('error', fail).once('close', onClose);
    this.once('close', () => {
      source.off('close', onClose).unpipe(this);
      source.resume();
    });
    source.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.max) {
      done(tooLarge(this.max));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }

  /** SHA-256 of all that has passed; to be asked once, at the end. */
  digest(): Buffer {
    return this.#hash.digest();
  }
}

function endedEarly(cause: unknown): RelayError {
  return new RelayError(400, 'Failed to read the upload: it ended early. Send it again.', { cause });
}

/** @param max - bytes */
export function tooLarge(max: number): RelayError {
  return new RelayError(413, `Failed to store the file: it is larger than ${max} bytes. Send a smaller one.`);
}
