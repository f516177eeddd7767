import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmTotp, enrolTotp } from '../account/mfa.ts';
import { makeTestCore, testPassword, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { issueToken, login } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
  const protectedUser = await hub.addUser('user', 'protected');
  const { secret } = await enrolTotp(hub.ctx(protectedUser), { password: testPassword });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: hub.clock.now() });
  await confirmTotp(hub.ctx(protectedUser), { code });
  const { id } = await hub.addUser('user', 'disabled');
  await updateUser(hub.ctx(), { id, patch: { disabled: true } });
});
afterAll(() => hub.close());

async function attempt(verb: typeof login | typeof issueToken, username: string, password: string) {
  const before = process.cpuUsage();
  const error: unknown = await verb(hub.ctx({ type: 'anonymous' }), { username, password }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const { user, system } = process.cpuUsage(before);
  const { code, message, details } = error as { code: string; message: string; details: unknown };
  return { answer: JSON.stringify({ code, message, details }), cpu: user + system };
}

describe.each([
  ['login', login],
  ['token', issueToken],
] as const)('%s', (_name, verb) => {
  it('says the same to an unknown user, a wrong password, a protected and a disabled account', async () => {
    const answers = [
      await attempt(verb, 'nobody-here', 'wrong'),
      await attempt(verb, 'admin', 'wrong'),
      await attempt(verb, 'protected', 'wrong'),
      await attempt(verb, 'disabled', 'wrong'),
      await attempt(verb, 'disabled', testPassword),
    ].map(({ answer }) => answer);
    expect(new Set(answers).size).toBe(1);
  });

  it('works as much for a user who does not exist', async () => {
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 8; round += 1) {
      // Names apart and time passing: nobody is slowed down for guessing meanwhile.
      hub.clock.advance(16 * 60_000);
      known.push((await attempt(verb, 'admin', 'wrong')).cpu);
      unknown.push((await attempt(verb, `nobody-${round}`, 'wrong')).cpu);
    }
    // Processor time and the least of each: a busy machine changes neither. Without the decoy it would be twenty times.
    const [more, less] = [Math.min(...known), Math.min(...unknown)];
    expect(Math.max(more, less) / Math.min(more, less)).toBeLessThan(2);
  });
});
