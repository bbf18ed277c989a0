import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { runSteps } from './steps.mjs';

export const name = 'QuickJS';
export const missing = () => undefined;

/** A result as a value of node's. @throws Error with the engine's text and trace */
function take(context, result) {
  const handle = result.error ?? result.value;
  const value = handle?.alive ? context.dump(handle) : handle;
  result.dispose();
  if (result.error) throw new Error(`${value.name}: ${value.message}\n${value.stack}`);
  return value;
}

/** Opens a QuickJS context. @returns `{evaluate(source), close()}`; jobs run after each evaluation */
export async function openQuickJS() {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const context = quickjs.newContext();
  return {
    evaluate(source) {
      const value = take(context, context.evalCode(source));
      take(context, context.runtime.executePendingJobs());
      return value;
    },
    close: () => context.dispose(),
  };
}

export async function run(script) {
  const engine = await openQuickJS();
  engine.evaluate(`${script};0`);
  const report = await runSteps(() => engine.evaluate('step()'));
  engine.close();
  return report;
}
