/** What a base library gives to pages, as far as a forecast needs it (protocol 13). */
export interface BaseLibrary {
  version: string;
  serviceMarket: 'none' | 'partial' | 'complete';
  uploadToCommonCDN: boolean;
  cloud: boolean;
}

/** One row for each change of what pages get; the versions between two rows are as the older one. */
export const BASE_LIBRARIES: BaseLibrary[] = [
  { version: '1.6.0', serviceMarket: 'none', uploadToCommonCDN: false, cloud: false },
  { version: '2.2.3', serviceMarket: 'none', uploadToCommonCDN: false, cloud: true },
  { version: '2.8.3', serviceMarket: 'none', uploadToCommonCDN: false, cloud: true },
  { version: '2.9.4', serviceMarket: 'partial', uploadToCommonCDN: false, cloud: true },
  { version: '2.11.1', serviceMarket: 'partial', uploadToCommonCDN: false, cloud: true },
  { version: '2.30.3', serviceMarket: 'complete', uploadToCommonCDN: true, cloud: true },
];
