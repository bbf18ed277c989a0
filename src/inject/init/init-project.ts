import { text } from '../../texts';
import { CONFIGURATION_NAME } from '../project/configuration';
import { recover } from '../apply/journal';
import { groupPaths, onlyChanged } from '../apply/file-change';
import type { FileChange } from '../apply/file-change';
import { openFolder, requireFolder } from '../project/files';
import { PROJECT_CONFIG_NAME } from '../project/project-config';
import { writeChanges } from '../apply/write';
import { addHooks } from './hooks';

const SCHEMA = './node_modules/miniprogram-servicemarket/dist/servicemarket.config.schema.json';
const CONFIGURATION = `${JSON.stringify({ $schema: SCHEMA, channels: ['bridge'] }, null, 2)}\n`;

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
  const planned: FileChange[] = [];
  if (!files.has(CONFIGURATION_NAME))
    planned.push({ path: CONFIGURATION_NAME, before: undefined, after: CONFIGURATION });
  const config = files.read(PROJECT_CONFIG_NAME);
  if (config !== undefined)
    planned.push({ path: PROJECT_CONFIG_NAME, before: config, after: addHooks(config) });
  const changes = onlyChanged(planned);
  if (!dryRun) writeChanges(projectDir, changes);
  const { changed, created } = groupPaths(changes);
  return { changed, created, notes: config === undefined ? [text('noHooks')] : [] };
}
