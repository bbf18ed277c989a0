/** What holds after every call, however hostile its data or its host. */
import { expectOver, passAll, type Seen } from '../../support/hosts';
import { type Any, expectWellFormed } from '../../support/outcomes';
import type { World } from '../../support/worlds';

/** Page code that returns a function, which returns the names of what has changed of the language itself since. */
const WATCH = `
  var kinds = [Object, Array, Function, String, Number, Boolean, RegExp, Date, Error, TypeError, Promise, ArrayBuffer, JSON, Math];
  function list() {
    var all = [];
    kinds.forEach(function (kind) {
      [kind, kind.prototype].forEach(function (object) {
        if (object) Object.getOwnPropertyNames(object).forEach(function (name) {
          var property = Object.getOwnPropertyDescriptor(object, name);
          all.push([object, name, property.value, property.get]);
        });
      });
    });
    return all;
  }
  var before = list();
  return function () {
    var now = list();
    return now.filter(function (entry, at) {
      return !before[at] || entry.some(function (part, i) { return part !== before[at][i] && part === part; });
    }).map(function (entry) { return entry[1]; }).concat(now.length < before.length ? ['something is gone'] : []);
  };
`;

// Servers of the world run in the test's own realm.
const watchOwnRealm = new Function(WATCH) as () => () => string[];

/** Checks, when it is called, that nobody has changed what the language has by itself, on the phone or on servers. */
export function watchPollution({ host, run }: World): () => void {
  const realms = [watchOwnRealm(), host.run(WATCH) as () => string[], run(WATCH) as () => string[]];
  const globals = host.globals();
  return () => {
    expect(realms.flatMap((changed) => Array.from(changed()))).toEqual([]);
    expect(host.globals()).toEqual(globals);
  };
}

/**
 * Lets time pass, and checks that a call ended once and well, cost at most once, and said so; and that nothing of it is
 * left on the phone: timers at once, and in the end temporary files, slots, sessions in use.
 */
export async function expectHarmless(world: World, seen: Seen): Promise<void> {
  const { host, run } = world;
  await passAll(host, seen);
  expectOver(host, seen);
  const { transfers, sessions }: Any = host.wx['miniprogram-servicemarket'];
  expect({ active: transfers.active, queue: transfers.queue.length }).toEqual({ active: 0, queue: 0 });
  expect(sessions.map(({ users }: Any) => users).filter(Boolean)).toEqual([]);
  const bills = world.countBills();
  expect(bills).toBeLessThanOrEqual(1);
  if (!seen.error) return expect(bills).toBe(1);
  expectWellFormed({ run }, seen.error);
  if (seen.error.billing === 'none') expect(bills).toBe(0);
}
