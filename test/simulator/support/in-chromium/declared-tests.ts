/**
 * What suites declare with `describe`, `test` and the hooks, kept instead of run: in Node for the names of the tests, in the
 * page to run them.
 */

type Step = () => unknown;
type Hook = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

/** A describe block; that of a suite's file has no `outer` one. */
export interface Block {
  title: string;
  outer?: Block;
  hooks: Record<Hook, Step[]>;
}

export interface DeclaredTest {
  /** The suite, the blocks and the test, joined by ` › `. */
  title: string;
  block: Block;
  body: Step;
}

export class DeclaredTests {
  readonly tests: DeclaredTest[] = [];
  /** What is declared before the first suite is for each of them, as jest's setup files are. */
  private readonly setup: Block = { title: '', hooks: noHooks() };
  private block = this.setup;

  /** What comes from now on belongs to this suite. */
  beginSuite(title: string): void {
    const copies = Object.entries(this.setup.hooks).map(([name, steps]) => [name, [...steps]] as const);
    this.block = { title, hooks: Object.fromEntries(copies) as Record<Hook, Step[]> };
  }

  /** The globals that suites expect of jest. */
  globals(): Record<string, unknown> {
    const describe = (title: string, declare: Step): void => {
      const outer = this.block;
      this.block = { title, outer, hooks: noHooks() };
      declare();
      this.block = outer;
    };
    const test = (title: string, body: Step): void => {
      const titles = [...blocksOf(this.block).map((block) => block.title), title];
      this.tests.push({ title: titles.join(' › '), block: this.block, body });
    };
    const hooks = Object.keys(noHooks()).map((name) => [
      name,
      (step: Step) => void this.block.hooks[name as Hook].push(step),
    ]);
    return { describe: withEach(describe), test: withEach(test), ...Object.fromEntries(hooks) };
  }
}

/** A block and those around it, the outermost first. */
export function blocksOf(block: Block): Block[] {
  return block.outer ? [...blocksOf(block.outer), block] : [block];
}

const noHooks = (): Record<Hook, Step[]> => ({ beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] });

function withEach(declare: (title: string, body: Step) => void): unknown {
  const each =
    (table: readonly unknown[]) =>
    (title: string, body: (...row: unknown[]) => unknown): void => {
      const rows = table.every(Array.isArray) ? (table as unknown[][]) : table.map((row) => [row]);
      for (const row of rows) declare(titleOf(title, row), () => body(...row));
    };
  return Object.assign(declare, { each });
}

/** A title of `each`: `%s`, `%i` and `%j` are the row's values in order, `$name` is a member of its first. */
function titleOf(title: string, [...row]: unknown[]): string {
  const members = Object(row[0]) as Record<string, unknown>;
  return title.replace(/\$(\w+)|%([sij])/g, (_match, member: string | undefined, format: string) => {
    if (member !== undefined) return String(members[member]);
    const value = row.shift();
    return format === 'j' ? String(JSON.stringify(value)) : String(value);
  });
}
