import vm from 'node:vm';
import { runSteps } from './steps.mjs';

export const name = `V8 ${process.versions.v8.split('-')[0]} (node)`;

/** @returns why it cannot run here, with the fix; undefined when it can */
export const missing = () => undefined;

/** A fresh context without anything of node's. */
export async function run(script) {
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  vm.runInContext(script, context);
  return runSteps(() => vm.runInContext('step()', context));
}
