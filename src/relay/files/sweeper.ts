import type { FastifyInstance } from 'fastify';
import type { RelayContext } from '../context';

/**
 * Removes expired files from time to time until the server closes. Apart from createRelay, which only says what is
 * started in which order.
 */
export function startSweeping(app: FastifyInstance, { files, settings }: RelayContext): void {
  let running: Promise<void> | undefined;
  const sweep = async (): Promise<void> => {
    try {
      const removed = await files.sweep(Math.floor(settings.now() / 1000));
      if (removed > 0) app.log.info({ removed }, 'expired files removed');
    } catch (error) {
      app.log.error({ err: error }, 'failed to remove expired files; trying again later');
    } finally {
      running = undefined;
    }
  };
  const timer = setInterval(() => (running ??= sweep()), Math.min(60, settings.fileTtl) * 1000).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await running;
  });
}
