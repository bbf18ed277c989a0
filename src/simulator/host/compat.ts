import type { Modules } from '../modules/modules';
import type { Env } from './env';
import type { Project } from './project';

const RUNTIME_FILE = 'servicemarket-compat.js';

/** The built file ends with the argument that the injector writes its configuration into. */
const EMPTY_ARGUMENT = /\{\}\);\s*$/;

/**
 * Runs before app.js what injection would put on its first line: for a project that asks for it in app.json and that
 * nothing was injected into yet. A folder that is booted by hand runs as it is. Nothing else of the host knows the shim.
 */
export function loadRuntime(env: Env, modules: Modules, { root, config, settings }: Project): void {
  const { files, runtimeFile } = env.machine;
  if (env.options.project === undefined) return;
  if (config.servicemarket !== true || files.exists(files.resolve(root, RUNTIME_FILE))) return;
  const configuration = JSON.stringify(settings.servicemarket ?? {});
  const source = runtimeFile().replace(EMPTY_ARGUMENT, () => `${configuration});`);
  modules.run(source, { exports: new env.realm.intrinsics.Object() }, root);
}
