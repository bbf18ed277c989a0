import { errorText } from '../texts';

/**
 * Loads a package that only some set-ups need.
 *
 * @param packages - those to install with it
 * @throws Error that says how to install them
 */
export async function loadPeer<T>(name: string, load: () => Promise<T>, packages = name): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error(errorText('relayPeerMissing', { name, packages }), { cause });
  }
}
