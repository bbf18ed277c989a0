import type { Any, Host, ServiceCall, Upload } from '../types';
import { utf8 } from '../text';
import { matches } from './matches';

/** What a check found, in the form that test runners want of a matcher. */
export interface Verdict {
  pass: boolean;
  /** What was expected, and what there is instead. */
  message: () => string;
}

/** Whether a service was called: some call has this API, and data that matches. */
export function calledService(host: Host, service: string, api?: string, data?: unknown): Verdict {
  const pass = host.calls.some(
    (call) =>
      call.service === service &&
      (api === undefined || call.api === api) &&
      (data === undefined || matches(call.data, data)),
  );
  const wanted = `${service}${api === undefined ? '' : `/${api}`}${data === undefined ? '' : ` with ${print(data)}`}`;
  return verdict(pass, `a call of ${wanted}`, `Calls were ${list(host.calls.map(describeCall))}`);
}

/**
 * Whether a file left the phone.
 *
 * @param content - its path on the phone, its text, or its bytes; any file when absent
 */
export function uploaded(host: Host, content?: string | Uint8Array): Verdict {
  const pass = host.uploads.some((upload) => content === undefined || isOf(upload, content));
  const wanted = content === undefined ? 'an upload' : `an upload of ${printContent(content)}`;
  return verdict(pass, wanted, `Uploads were ${list(host.uploads.map(describeUpload))}`);
}

/** Whether so many calls were billed; by default any. */
export function billed(host: Host, count?: number): Verdict {
  const pass = count === undefined ? host.bills.length > 0 : host.bills.length === count;
  const bills = host.bills.map(({ service, api, by }) => `${service}/${api} for ${by}`);
  return verdict(pass, count === undefined ? 'a bill' : `${count} bills`, `Bills were ${list(bills)}`);
}

const verdict = (pass: boolean, wanted: string, there: string): Verdict => ({
  pass,
  message: () => `Expected ${pass ? 'no ' : ''}${wanted.replace(/^an? (?=.*)/, pass ? '' : '$&')}. ${there}.`,
});

const list = (items: string[]): string => (items.length > 0 ? items.join('; ') : 'none');

const describeCall = ({ service, api, data }: ServiceCall): string =>
  `${service}/${api}${data === undefined ? '' : ` with ${print(data)}`}`;

const describeUpload = ({ filePath, bytes }: Upload): string =>
  `${filePath ?? 'content from memory'} (${bytes.length} bytes)`;

function isOf({ filePath, bytes }: Upload, content: string | Uint8Array): boolean {
  if (typeof content === 'string') return filePath === content || utf8(bytes) === content;
  return bytes.length === content.length && bytes.every((byte, index) => byte === content[index]);
}

const printContent = (content: string | Uint8Array): string =>
  typeof content === 'string' ? content : `${content.length} bytes`;

function print(value: Any): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
