import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Config, ConfigError } from '../config.ts';

/** The hub's 32-byte key: from SECRET_KEY, else from DATA_DIR, where the first start makes it. */
export function loadSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Uint8Array {
  if (config.secretKey !== null) return Buffer.from(config.secretKey, 'base64');
  const file = path.join(config.dataDir, 'secret-key');
  mkdirSync(config.dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new ConfigError(`SECRET_KEY: ${file} does not hold 32 bytes in base64.`);
  return key;
}
