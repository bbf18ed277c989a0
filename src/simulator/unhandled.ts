import fs from 'node:fs';
import type { Realm } from './realm';

/**
 * Collects the reasons of unhandled rejections of the realm's promises.
 *
 * @returns stops listening
 */
export function collectUnhandled(realm: Realm, reasons: unknown[]): () => void {
  const listener = (reason: unknown, promise: unknown): void => {
    if (promise instanceof realm.intrinsics.Promise) reasons.push(reason);
  };
  const process = realProcess();
  process.on('unhandledRejection', listener);
  return () => void process.off('unhandledRejection', listener);
}

/** A test runner may give its modules a copy of `process` whose events never come; a core function knows the real one. */
function realProcess(): NodeJS.Process {
  const CoreFunction = fs.readFileSync.constructor as FunctionConstructor;
  return CoreFunction('return process')() as NodeJS.Process;
}
