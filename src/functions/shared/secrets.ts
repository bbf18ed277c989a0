/** What settings.json must not hold: from the environment, or from where a cloud keeps such things. */
export interface Secrets {
  appid?: string;
  secret?: string;
  /** Token and EncodingAESKey of message push. */
  pushToken?: string;
  pushAesKey?: string;
  /** Keys of API security: 32 bytes in base64, and PEM, where `\n` may stand for a line end. */
  symmetricKey?: string;
  privateKey?: string;
}

const VARIABLES: Readonly<Record<keyof Secrets, string>> = {
  appid: 'WX_APPID',
  secret: 'WX_SECRET',
  pushToken: 'WX_PUSH_TOKEN',
  pushAesKey: 'WX_PUSH_AES_KEY',
  symmetricKey: 'WX_SYMMETRIC_KEY',
  privateKey: 'WX_PRIVATE_KEY',
};

/** @param others - used where the environment has none */
export function readSecrets(env: NodeJS.ProcessEnv, others: Secrets = {}): Secrets {
  const names = Object.keys(VARIABLES) as (keyof Secrets)[];
  return Object.fromEntries(names.map((name) => [name, env[VARIABLES[name]] || others[name]]));
}

/** @param user - the key of settings.json that needs it. @throws Error that names the variable */
export function requireSecret(secrets: Secrets, name: keyof Secrets, user: string): string {
  const value = secrets[name];
  if (value) return value;
  throw new Error(
    `Failed to start: "${user}" in settings.json needs ${VARIABLES[name]} in the environment (uni-config-center: "${name}").`,
  );
}
