/** The scripts that both hosts run: every member of `wx` that the runtime or the demo uses, by groups that share a host. */
import { account, files } from './account';
import { bridge, cdn } from './bridge';
import { cloud } from './cloud';
import { environment } from './environment';
import { market } from './market';
import { members, utilities } from './members';
import { requests } from './requests';
import type { Script, ScriptGroup } from './script';
import { uploads } from './uploads';

export type { Script, ScriptGroup } from './script';

export const GROUPS: ScriptGroup[] = [
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
  market,
].map((scripts) => ({ scripts }));

export const SCRIPTS: Script[] = GROUPS.flatMap(({ scripts }) => scripts);
