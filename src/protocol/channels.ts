import type { ChannelName } from './types';

/** Every channel, in the order in which they are tried where the app names none. */
export const CHANNEL_NAMES: ChannelName[] = ['bridge', 'relay', 'cloud'];
