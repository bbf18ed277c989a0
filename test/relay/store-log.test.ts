import { DeferredLog } from '../../src/relay/stores/log';

const openTarget = () => {
  const lines: unknown[][] = [];
  const level =
    (name: string) =>
    (...words: unknown[]): void =>
      void lines.push([name, ...words]);
  return { lines, target: { error: level('error'), warn: level('warn'), info: level('info') } };
};

test('what stores report before there is a log reaches it in order, and what comes later at once', () => {
  const log = new DeferredLog();
  const { lines, target } = openTarget();
  log.info('opened');
  log.warn('slow', { ms: 5 });
  log.attach(target);
  log.error('gone');
  expect(lines).toEqual([
    ['info', 'opened', undefined],
    ['warn', 'slow', { ms: 5 }],
    ['error', 'gone', undefined],
  ]);
});

test('only the first hundred wait', () => {
  const log = new DeferredLog();
  const { lines, target } = openTarget();
  for (let n = 0; n < 150; n++) log.info(`${n}`);
  log.attach(target);
  expect(lines.map(([, text]) => text)).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
});
