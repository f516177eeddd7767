import { hash, verify } from '@node-rs/argon2';

/** Argon2id is the library's default; its enum cannot be imported under isolated modules. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let decoy: Promise<string> | null = null;

export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

/** Takes the same time for a user that does not exist (`stored` null) as for a wrong password. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no user has this password');
  const matches = await verify(stored ?? (await decoy), password);
  return stored !== null && matches;
}
