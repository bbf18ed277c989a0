/** The scripts that both hosts run: every member of `wx` that the runtime or the demo uses, by groups that share a host. */
import type { Library } from '../libraries';
import { account, files } from './account';
import { bridge, cdn } from './bridge';
import { cloud, cloudFailures, silentCloud, unreachableCloud, withoutCloud, withoutStorage } from './cloud';
import { environment } from './environment';
import { market } from './market';
import { members, utilities } from './members';
import { inPlugin, pluginHost } from './plugins';
import { requests } from './requests';
import type { Script, ScriptGroup } from './script';
import { uploads } from './uploads';

export type { Script, ScriptGroup } from './script';

const GROUPS_OF_ONE_HOST = [
  environment,
  members,
  utilities,
  requests,
  uploads,
  bridge,
  cdn,
  account,
  files,
  cloud,
  cloudFailures,
  market,
];

export const GROUPS: ScriptGroup[] = [
  ...GROUPS_OF_ONE_HOST.map((scripts) => ({ scripts })),
  { scripts: withoutCloud, cloud: 'absent' },
  { scripts: unreachableCloud, cloud: 'unreachable' },
  { scripts: silentCloud, cloud: 'silent' },
  { scripts: withoutStorage, cloud: 'without storage' },
  { scripts: inPlugin, plugin: 'inside' },
  { scripts: pluginHost, plugin: 'host' },
];

/** Those that a library can run. */
export const groupsOf = ({ hasPlugins }: Pick<Library, 'hasPlugins'>): ScriptGroup[] =>
  GROUPS.filter(({ plugin }) => hasPlugins || !plugin);

export const scriptsOf = (groups: ScriptGroup[]): Script[] => groups.flatMap(({ scripts }) => scripts);
