import fs from 'node:fs';
import type { Realm } from './realm';

/** Where the reasons of each open realm's unhandled rejections go. */
const reasonsOf = new Map<Realm, unknown[]>();

/**
 * Collects the reasons of unhandled rejections of the realm's promises. However many realms are open, the process has
 * one listener: Node warns of a leak from the eleventh on.
 *
 * @returns stops collecting
 */
export function collectUnhandled(realm: Realm, reasons: unknown[]): () => void {
  if (reasonsOf.size === 0) realProcess().on('unhandledRejection', collect);
  reasonsOf.set(realm, reasons);
  return () => {
    if (reasonsOf.delete(realm) && reasonsOf.size === 0) realProcess().off('unhandledRejection', collect);
  };
}

function collect(reason: unknown, promise: unknown): void {
  for (const [realm, reasons] of reasonsOf) {
    if (promise instanceof realm.intrinsics.Promise) reasons.push(reason);
  }
}

/** A test runner may give its modules a copy of `process` whose events never come; a core function knows the real one. */
function realProcess(): NodeJS.Process {
  const CoreFunction = fs.readFileSync.constructor as FunctionConstructor;
  return CoreFunction('return process')() as NodeJS.Process;
}
