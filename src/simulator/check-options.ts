import type { HostOptions } from './host-options';

const ALLOWED: { [K in keyof HostOptions]?: readonly unknown[] } = {
  platform: ['android', 'ios', 'devtools'],
  bridge: ['allowed', 'denied', 'absent'],
  upload: ['allowed', 'denied', 'absent'],
  clock: ['virtual', 'real'],
  billing: ['perId', 'perMessage'],
  wireVersion: [0, 1, 2],
};

/** @throws Error for a value that an option cannot have, with the values that it can */
export function checkOptions(options: HostOptions): void {
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const value = options[name as keyof HostOptions];
    if (value === undefined || allowed.includes(value)) continue;
    throw new Error(
      `Failed to create a host: ${name} is ${JSON.stringify(value)}. Use one of ${allowed.join(', ')}.`,
    );
  }
}
