import { cloudFunctionFolder } from '../project/project-config';
import { channelsOf, type ProjectConfiguration } from '../project/configuration';
import { formatPlace } from '../errors';
import { parseJsonFile } from '../project/json-file';
import { joinPath } from '../project/paths';
import type { ProjectFiles } from '../project/files';
import type { Finding } from './findings';

/** Seconds that one message takes at most; the platform gives a function 3 unless it is told. */
const LEAST = 20;
const PLATFORM_DEFAULT = 3;

/** Looks at the time limit of the cloud function, where its folder is in the project. */
export function cloudFindings(files: ProjectFiles, configuration: ProjectConfiguration): Finding[] {
  if (!channelsOf(configuration).includes('cloud')) return [];
  const path = joinPath(cloudFunctionFolder(files, configuration), 'config.json');
  const text = files.read(path);
  if (text === undefined) return [];
  const config = parseJsonFile(path, text);
  const { timeout = PLATFORM_DEFAULT } = config.value;
  if (typeof timeout === 'number' && timeout >= LEAST) return [];
  const at = formatPlace(config.place(['timeout']));
  return [
    {
      level: 'fix',
      text: `${at}: the cloud function may run ${JSON.stringify(timeout)} s, a call takes up to ${LEAST} s and is paid: set "timeout": 60, here and in the cloud console.`,
    },
  ];
}
