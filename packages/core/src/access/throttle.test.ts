import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from './throttle.ts';

const make = () => {
  let now = 0;
  const throttle = createLoginThrottle(() => now);
  const guess = (account = 'a', address: string | null = null, at?: string) =>
    throttle.attempt({ account, address, at }, () => Promise.resolve(false));
  return { throttle, guess, advance: (ms: number) => void (now += ms) };
};

describe('createLoginThrottle', () => {
  it('blocks an account longer with every failure, whatever its case, and no other', async () => {
    const { guess, advance } = make();
    for (let n = 0; n < 5; n += 1) expect(await guess(n % 2 ? 'A' : 'a')).toBe(false);
    await expect(guess()).rejects.toMatchObject({ details: { retryAfterSeconds: 1 } });
    expect(await guess('b')).toBe(false);
    advance(1_000);
    await guess();
    await expect(guess()).rejects.toMatchObject({ code: 'limit_exceeded', details: { retryAfterSeconds: 2 } });
  });

  it('blocks an address that tries many accounts', async () => {
    const { guess } = make();
    for (let n = 0; n < 20; n += 1) await guess(`user-${n}`, '10.0.0.1');
    await expect(guess('another', '10.0.0.1')).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await guess('another', '10.0.0.2')).toBe(false);
  });

  it('counts apart where the account is at home, and slows guesses down there too', async () => {
    const { throttle, guess } = make();
    for (let n = 0; n < 5; n += 1) await guess('a', `10.0.1.${n}`);
    await expect(guess('a', '10.0.0.9')).rejects.toMatchObject({ code: 'limit_exceeded' });
    const home = { account: 'A', address: '10.0.0.1', at: '10.0.0.1' };
    expect(await throttle.attempt(home, () => Promise.resolve(true))).toBe(true);
    await expect(guess('a', '10.0.0.9')).rejects.toMatchObject({ code: 'limit_exceeded' });
    for (let n = 0; n < 5; n += 1) await guess('a', '10.0.0.1', '10.0.0.1');
    await expect(guess('a', '10.0.0.1', '10.0.0.1')).rejects.toMatchObject({ code: 'limit_exceeded' });
  });

  it('forgets after a success, and after a quarter of an hour', async () => {
    const { throttle, guess, advance } = make();
    for (let n = 0; n < 4; n += 1) await guess();
    await throttle.attempt({ account: 'a', address: null }, () => Promise.resolve(true));
    for (let n = 0; n < 5; n += 1) await guess();
    advance(15 * 60_000 + 1);
    for (let n = 0; n < 5; n += 1) await guess();
  });

  it('runs twenty attempts for one account at once and no more', async () => {
    const { throttle } = make();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const tries = Array.from({ length: 21 }, () => throttle.attempt({ account: 'a', address: null }, () => promise));
    await expect(tries[20]).rejects.toMatchObject({ code: 'limit_exceeded' });
    resolve(true);
    expect(await Promise.all(tries.slice(0, 20))).not.toContain(false);
    expect(await throttle.attempt({ account: 'a', address: null }, () => promise)).toBe(true);
  });
});
