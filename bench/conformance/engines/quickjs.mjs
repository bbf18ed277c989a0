import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { runSteps } from './steps.mjs';

export const name = 'QuickJS';
export const missing = () => undefined;

/** Opens a QuickJS context. @returns `{evaluate(source), close()}`; jobs run after each evaluation */
export async function openQuickJS() {
  const { default: found = variant } = variant;
  const quickjs = await newQuickJSWASMModuleFromVariant(found);
  const context = quickjs.newContext();
  return {
    evaluate(source) {
      const result = context.unwrapResult(context.evalCode(source));
      const value = context.dump(result);
      result.dispose();
      context.unwrapResult(context.runtime.executePendingJobs());
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
