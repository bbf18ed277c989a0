/** The phones of deliveries.ts: a real library, and the simulator's row for it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHost } from '../../src/simulator';
import { ContentServer, RELAY } from './content-server';
import type { Phone } from './deliveries';
import type { Library } from './libraries';
import type { Platform } from './observe';
import { bootRealHost } from './real-host';
import { CLOUD_FUNCTION, FILES } from './world';

export interface OpenPhone extends Phone {
  close(): Promise<void>;
}

export async function realPhone(library: Library, platform: Platform): Promise<OpenPhone> {
  const host = await bootRealHost({ library, platform, engine: library.engine });
  return {
    hasCloud: host.script('typeof wx.cloud') === 'object',
    server: host.world.contents,
    module: host.module,
    pass: (ms) => host.clock.run(ms),
    async close() {
      host.clock.close();
    },
  };
}

export async function simulatedPhone({ row }: Library, platform: Platform): Promise<OpenPhone> {
  const server = new ContentServer();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-check-'));
  const host = createHost({
    sdkVersion: row,
    platform,
    files: FILES,
    network: {
      [RELAY]: ({ path: at, headers, body, form }) =>
        server.handle({ path: at, headers, body, file: form?.file.bytes }),
    },
  });
  host.cloud.define(CLOUD_FUNCTION, () => {
    // The runtime deletes it when the call is over.
    const [file] = host.cloud.files;
    if (file) server.store(file.bytes);
    return server.call();
  });
  let modules = 0;
  return {
    hasCloud: host.profile.cloud,
    server,
    module(source) {
      const file = path.join(folder, `module-${++modules}.js`);
      fs.writeFileSync(file, `"use strict";${source}`);
      return host.load(file) as unknown;
    },
    pass: (ms) => host.clock.run(ms),
    async close() {
      fs.rmSync(folder, { recursive: true });
      await host.close();
    },
  };
}
