import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHead } from '../../../../src/inject/edits/runtime-file';
import type { Host } from '../../../../src/simulator';
import { openHost } from '../../../support/hosts';

/** A host without `wx.serviceMarket` whose OCR service reads the text that was uploaded. */
export function startHost(): Host {
  const host: Host = openHost({
    sdkVersion: '2.8.3',
    upload: 'allowed',
    providers: {
      'wx79ac3de8be320b71/OcrAllInOne': (data: { img_url: string }) => ({
        ocr_comm_res: { items: [{ text: `read ${host.cdn.text(data.img_url)}` }] },
      }),
    },
  });
  return host;
}

/** What a build's code printed behind a label. */
export function printed(host: Host, label: 'ran' | 'text'): string[] {
  const start = `${label}: `;
  return host.logs.filter(({ text }) => text.startsWith(start)).map(({ text }) => text.slice(start.length));
}

/** Whether both copies of a build are the runtime as it was built: no minifier went over them. */
export function copiesAreIntact(dist: string): boolean {
  const copies = ['servicemarket-compat.js', 'ind/servicemarket-compat.js'];
  return copies.every((path) => readHead(readFileSync(join(dist, path), 'utf8'))?.isIntact);
}
