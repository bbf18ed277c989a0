/** The list of what happens on the phone. */
import { emptyTimeline, withEvent } from '../../src/playground/page/timeline';

test('keeps the newest lines where code prints without end, each a line of its own', () => {
  let timeline = emptyTimeline();
  for (let at = 0; at < 2500; at++) {
    timeline = withEvent(timeline, { type: 'console', level: 'log', text: `${at}`, at });
  }
  timeline = withEvent(timeline, { type: 'page-error', message: 'stopped', at: 2500 });
  const { happenings } = timeline;
  expect(happenings).toHaveLength(2000);
  expect(happenings.at(-1)).toMatchObject({ kind: 'page-error', first: { message: 'stopped' } });
  expect(happenings.at(-2)).toMatchObject({ kind: 'console', first: { text: '2499' } });
  expect(new Set(happenings.map(({ key }) => key)).size).toBe(2000);
});
