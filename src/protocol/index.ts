export * from './channels';
export * from './errors';
export * from './limits';
export * from './types';
export * from './version';
export * from './wire';
