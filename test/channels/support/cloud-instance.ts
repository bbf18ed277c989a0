/** The cloud function as `init cloud-function` writes it, on the real wx-server-sdk, in processes of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initCloudFunction } from '../../../src/inject';
import { createCloudServer } from '../../../src/simulator';
import type { CloudServer, Host } from '../../../src/simulator';
import { cleanUpAfterTest } from '../../support/cleanup';
import type { Any } from '../../support/outcomes';
import { toolchain } from '../../toolchain/installed';
import { SERVICES } from './backend';
import { CLOUD } from './fake-function';
import { temporaryFolder } from '../../support/files';

const SDK = toolchain('wx-server-sdk');

/** A running copy of the function: takes an event at a time, as in the cloud. */
class Instance {
  private child!: ChildProcess;
  private ended!: Promise<unknown>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {
    this.start();
    cleanUpAfterTest(() => {
      this.child.kill();
      return this.ended;
    });
  }

  private start(): void {
    const env = { ...process.env, ...this.env };
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    this.child = fork(join(SDK, 'run-function.cjs'), [this.folder], { env, stdio: [...stdio] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  run(event: object, variables: object): Promise<Any> {
    const answer = this.last.then(async () => {
      const answered = new Promise<Any>((resolve) => this.child.once('message', resolve));
      this.child.send({ event, variables });
      const { result, error } = await Promise.race([answered, this.ended.then(() => ({ error: 'killed' }))]);
      if (error) throw new Error(error);
      return result;
    });
    this.last = answer.catch(() => {});
    return answer;
  }

  /** As when the cloud ends a run at its time limit; another copy takes its place. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    this.start();
  }
}

export interface SdkDeployment {
  server: CloudServer;
  instances: Instance[];
  /** Runs the function as its timer does. */
  tick(): Promise<Any>;
}

/**
 * Puts the function into the cloud of a host with the real clock.
 *
 * @param options.env - of the function, for example its secret
 * @param options.count - instances; calls go to them in turn
 * @param options.permissions - open interfaces that it may call. By default those of its config.json
 */
export async function deployOnSdk(
  host: Host,
  {
    env = {},
    count = 1,
    permissions,
  }: { env?: Record<string, string>; count?: number; permissions?: string[] } = {},
): Promise<SdkDeployment> {
  const folder = temporaryFolder();
  initCloudFunction(folder, { out: folder });
  symlinkSync(join(SDK, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ services: SERVICES, callsPerHour: 600 }));
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const server = await createCloudServer(host, {
    collections: ['servicemarket_calls', 'servicemarket_limits'],
    permissions: permissions ?? config.permissions.openapi,
  });
  cleanUpAfterTest(() => server.close());
  const variables = server.variables('');
  const instances = Array.from({ length: count }, () => new Instance(folder, { ...variables, ...env }));
  let turn = 0;
  host.cloud.define(CLOUD.function, (event, { OPENID }) =>
    instances[turn++ % count]!.run(event, server.variables(OPENID)),
  );
  return { server, instances, tick: () => instances.at(-1)!.run({ Type: 'Timer' }, variables) };
}
