/** What the injected file exports as a CommonJS module. */
export {
  applyConfiguration as configure,
  CDN,
  getAsyncResult,
  install,
  invokeService,
  serviceMarket,
} from './api';
