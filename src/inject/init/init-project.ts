import { CONFIGURATION_NAME } from '../project/configuration';
import { recover } from '../apply/journal';
import type { FileChange } from '../apply/plan';
import { openFolder, requireFolder } from '../project/files';
import { writeChanges } from '../apply/write';
import { addHooks } from './hooks';

const SCHEMA = './node_modules/miniprogram-servicemarket/dist/servicemarket.config.schema.json';
const CONFIGURATION = `${JSON.stringify({ $schema: SCHEMA, channels: ['bridge'] }, null, 2)}\n`;
const PROJECT = 'project.config.json';

export interface InitResult {
  changed: string[];
  created: string[];
  notes: string[];
}

/**
 * Writes servicemarket.config.json where there is none, and the DevTools hooks into project.config.json.
 *
 * @throws InjectError when project.config.json cannot be read or written
 */
export function initProject(projectDir: string, { dryRun = false } = {}): InitResult {
  requireFolder(projectDir);
  recover(projectDir);
  const files = openFolder(projectDir);
  const project = files.read(PROJECT);
  const changes: FileChange[] = [];
  if (!files.has(CONFIGURATION_NAME))
    changes.push({ path: CONFIGURATION_NAME, before: undefined, after: CONFIGURATION });
  if (project !== undefined) changes.push({ path: PROJECT, before: project, after: addHooks(project) });
  const real = changes.filter(({ before, after }) => before !== after);
  if (!dryRun) writeChanges(projectDir, real);
  return {
    changed: real.filter(({ before }) => before !== undefined).map(({ path }) => path),
    created: real.filter(({ before }) => before === undefined).map(({ path }) => path),
    notes:
      project === undefined ? [`No ${PROJECT} here, so no DevTools hooks: call inject from your build.`] : [],
  };
}
