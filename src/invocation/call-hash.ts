import type { RelayInvokeRequest } from '../../protocol';
import { ID_LENGTH, readFileId } from '../files/file-id';
import { digest } from '../secrets';

/**
 * What an invocation asks for, as one hash. A URL of this relay counts as the bytes behind it, because a page
 * that repeats a call uploads the same content again and so sends other URLs.
 *
 * @param data - JSON text
 * @param filesUrl - what the relay's own file URLs begin with
 */
export function hashCall(
  { service, api, async }: Pick<RelayInvokeRequest, 'service' | 'api' | 'async'>,
  data: string | undefined,
  filesUrl: string,
): string {
  const content = data
    ?.split(filesUrl)
    .map((piece, i) => (i === 0 ? piece : withContent(filesUrl, piece)))
    .join('');
  return digest(JSON.stringify([service, api, async === true, content ?? null]));
}

function withContent(filesUrl: string, piece: string): string {
  const reference = readFileId(piece.slice(0, ID_LENGTH));
  return reference ? `file:${reference.content}${piece.slice(ID_LENGTH)}` : filesUrl + piece;
}
