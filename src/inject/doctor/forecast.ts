import { channelsOf } from '../project/configuration';
import type { ChannelName, Configuration } from '../../protocol';
import { BASE_LIBRARIES } from './base-libraries';
import type { BaseLibrary } from './base-libraries';

type Carrier = ChannelName | 'native' | 'none';

/** What one base library will get from the shim. */
export interface Forecast {
  baseLibrary: string;
  /** What becomes of `wx.serviceMarket`. */
  shim: 'added' | 'wrapped' | 'untouched';
  call: Carrier;
  upload: Carrier;
  why: string;
}

/** @returns a row for each base library of the table, oldest first */
export function forecast(configuration: Configuration): Forecast[] {
  const channels = channelsOf(configuration);
  return BASE_LIBRARIES.map((library) => {
    if (library.serviceMarket === 'complete') {
      const why = 'the platform has everything; wx.serviceMarket stays as it is';
      return { baseLibrary: library.version, shim: 'untouched', call: 'native', upload: 'native', why };
    }
    const call = channels.find((channel) => channel !== 'cloud' || library.cloud) ?? 'none';
    if (library.serviceMarket === 'partial') {
      const why = `plain calls stay native; getAsyncResult, async and consumeType go over ${call}`;
      return { baseLibrary: library.version, shim: 'wrapped', call: 'native', upload: 'native', why };
    }
    const upload = channels.find((channel) => canUpload(channel, library)) ?? 'none';
    return { baseLibrary: library.version, shim: 'added', call, upload, why: reason(call, upload, library) };
  });
}

function canUpload(channel: ChannelName, library: BaseLibrary): boolean {
  return channel === 'bridge' ? library.uploadToCommonCDN : channel === 'relay' || library.cloud;
}

function reason(call: Carrier, upload: Carrier, library: BaseLibrary): string {
  if (call === 'none') return 'wx.cloud begins with 2.2.3, and no other channel is configured';
  const first =
    call === 'bridge' ? 'wx.operateWXData is there, where the client allows it' : `${call} is configured`;
  if (upload !== 'none') return call === upload ? first : `${first}; pages have no wx.uploadToCommonCDN`;
  return `${first}; content in CDN() fails: pages have no wx.uploadToCommonCDN${library.cloud ? '' : ' and no wx.cloud'}`;
}
