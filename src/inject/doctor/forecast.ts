import type { ChannelName, Configuration } from '../../protocol';
import { text } from '../../texts';
import { channelsOf } from '../project/configuration';

/** What a base library has for pages, as far as a forecast needs it (protocol 13). */
interface BaseLibrary {
  version: string;
  serviceMarket: 'none' | 'partial' | 'complete';
  uploadToCommonCDN: boolean;
  cloud: boolean;
}

/** One row for each change that pages see; the versions between two rows behave like the older one. */
const BASE_LIBRARIES: BaseLibrary[] = [
  { version: '1.6.0', serviceMarket: 'none', uploadToCommonCDN: false, cloud: false },
  { version: '2.2.3', serviceMarket: 'none', uploadToCommonCDN: false, cloud: true },
  { version: '2.8.3', serviceMarket: 'none', uploadToCommonCDN: false, cloud: true },
  { version: '2.9.4', serviceMarket: 'partial', uploadToCommonCDN: false, cloud: true },
  { version: '2.11.1', serviceMarket: 'partial', uploadToCommonCDN: false, cloud: true },
  { version: '2.30.3', serviceMarket: 'complete', uploadToCommonCDN: true, cloud: true },
];

type Carrier = ChannelName | 'native' | 'none';

/** What pages will have on one base library. */
export interface Forecast {
  baseLibrary: string;
  /** What the shim does to `wx.serviceMarket`. */
  shim: 'added' | 'wrapped' | 'untouched';
  /** What carries a call, and what uploads content. */
  call: Carrier;
  upload: Carrier;
  why: string;
}

/** @returns a row for each base library of the table, oldest first */
export function forecast(configuration: Configuration): Forecast[] {
  const channels = channelsOf(configuration);
  return BASE_LIBRARIES.map((library) => {
    if (library.serviceMarket === 'complete') {
      const why = text('nativeComplete');
      return { baseLibrary: library.version, shim: 'untouched', call: 'native', upload: 'native', why };
    }
    const call = channels.find((channel) => channel !== 'cloud' || library.cloud) ?? 'none';
    if (library.serviceMarket === 'partial') {
      const why = text('nativePartial', { call });
      return { baseLibrary: library.version, shim: 'wrapped', call: 'native', upload: 'native', why };
    }
    const upload = channels.find((channel) => canUpload(channel, library)) ?? 'none';
    return { baseLibrary: library.version, shim: 'added', call, upload, why: explain(call, upload, library) };
  });
}

function canUpload(channel: ChannelName, library: BaseLibrary): boolean {
  return channel === 'bridge' ? library.uploadToCommonCDN : channel === 'relay' || library.cloud;
}

function explain(call: Carrier, upload: Carrier, library: BaseLibrary): string {
  if (call === 'none') return text('noCloudYet');
  const first = call === 'bridge' ? text('bridgeCarries') : text('channelCarries', { call });
  if (upload !== 'none') return call === upload ? first : text('pagesLackUpload', { first });
  return text(library.cloud ? 'contentFails' : 'contentFailsWithoutCloud', { first });
}
