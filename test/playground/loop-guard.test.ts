/** Page code that does not return: what it is made into, and that the page around the phone goes on. */
import { runInNewContext } from 'node:vm';
import { GUARD, guardLoops } from '../../src/playground/engine/phone/loop-guard';
import { CHROMIUM_MISSING } from '../support/chromium';
import { demoSources, openLab } from './support/engine-site';

const PAGE = 'miniprogram/pages/ocr/ocr.js';
const STOPPED = /this code did not return for 2 s/;

/** Runs a script whose guard throws at its thousandth step. @returns the value of its last statement */
function runGuarded(source: string): unknown {
  let steps = 0;
  const guard = (): void => {
    if (++steps === 1000) throw new Error('stopped');
  };
  return runInNewContext(guardLoops(source), { [GUARD]: guard }, { timeout: 5000 });
}

describe('guardLoops', () => {
  test.each([
    ['while (true);'],
    ['for (;;) {}'],
    ['do ; while (true)'],
    ['do {} while (true)'],
    ['outer: for (;;) for (;;) continue outer;'],
    ['for (const one of (function* () { for (;;) yield 1; })());'],
    ['for (const one of { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }) }) });'],
    ['[...{ [Symbol.iterator]: () => ({ next() { return { value: 1 }; } }) }]'],
    [
      'while (true) try { while (true); } catch (error) { if (error.message !== "stopped") throw error; throw error; }',
    ],
    ['const list = [1]; for (const one of list) list.push(one);'],
  ])('ends %s', (source) => {
    expect(() => runGuarded(source)).toThrow('stopped');
  });

  test.each([
    ['let sum = 0; for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += i * j; sum', 9],
    ['let text = ""; for (const key in { a: 1, b: 2 }) text += key\ntext', 'ab'],
    ['let i = 0; do i++\nwhile (i < 5)\ni', 5],
    ['let i = 0; if (i) while (i--) ; else i = 7; i', 7],
    ['const add = a => b => a + b; add(1)(2)', 3],
    ['const make = () => ({ a: 1 }); make().a', 1],
    ['const last = () => (1, 2); last()', 2],
    ['const nested = [1, 2].map(one => [one].map(other => other * 2)); JSON.stringify(nested)', '[[2],[4]]'],
    ['function strict() { "use strict"; return this === undefined } strict()', true],
    ['function strict() { "use strict"\nreturn this === undefined } strict()', true],
    ['class A { get a() { return 1 } static { for (const one of [2]) this.b = one } } new A().a + A.b', 3],
    ['class A {} class B extends A { constructor() { super(); this.a = 4 } } new B().a', 4],
    ['let f; for (const one of [1, 2]) f = () => one\nf()', 2],
    ['a: for (const x of [1, 2, 3]) { for (;;) { if (x === 2) break a; continue a } } "ended"', 'ended'],
  ])('leaves what %s does', (source, value) => {
    expect(runGuarded(source)).toBe(value);
  });

  test('leaves lines where they are, modules what they are, and what cannot be read', () => {
    const sources = demoSources();
    for (const [path, source] of Object.entries(sources).filter(([name]) => name.endsWith('.js'))) {
      const guarded = guardLoops(source);
      expect([path, guarded.split('\n').length]).toEqual([path, source.split('\n').length]);
    }
    expect(guardLoops("import a from 'a';\nexport const b = () => a;")).toBe(
      `import a from 'a';\nexport const b = () => (${GUARD}(),a);`,
    );
    expect(guardLoops('Page({')).toBe('Page({');
  });
});

const describeInChromium = CHROMIUM_MISSING ? describe.skip : describe;

describeInChromium('a page whose code does not return', () => {
  const code = (body: string): Record<string, string> => ({
    ...demoSources(),
    [PAGE]: `Page({ data: { state: 'empty' }, choosePhoto() { ${body} } });`,
  });

  test.each([
    ['a loop', 'while (true);'],
    ['a loop that prints', 'while (true) console.log(1);'],
    ['a loop that calls the phone', 'while (true) wx.getSystemInfoSync();'],
    ['a loop that catches every error', 'while (true) try { for (;;); } catch (error) {}'],
    ['a chain of promises', '(function next() { return Promise.resolve().then(next); })();'],
    ['a chain of awaits', '(async () => { for (;;) await null; })();'],
  ])('is stopped in %s, and its phone goes on', async (_, body) => {
    const lab = await openLab();
    expect(await lab.open({}, { sources: code(body) })).toBeUndefined();
    await lab.phone.locator('.photo').click();
    await lab.page.waitForFunction(`lab.events.some(({ type }) => type === 'page-error')`, undefined, {
      timeout: 20_000,
    });
    const errors = await lab.eventsOf('page-error');
    expect(errors).toMatchObject([{ message: expect.stringMatching(STOPPED) as string }]);
    // The same frame answers.
    await lab.phone.getByRole('button', { name: 'Check a text' }).click();
    await lab.phone.locator('.check').waitFor();
  });

  test('does not start where the loop is in its first lines, and another one starts after it', async () => {
    const lab = await openLab();
    const sources = { ...demoSources(), [PAGE]: 'while (true);\nPage({});' };
    expect(await lab.open({}, { sources })).toMatch(STOPPED);
    expect(await lab.open()).toBeUndefined();
  });
});
