/** The engine of the playground: a phone on the page, and what is behind it where there is no server. */
export { openPhone } from './open-phone';
export { createStaticBackend } from './static-backend';
export type * from './types';
