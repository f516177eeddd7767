import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from './throttle.ts';

function make() {
  let now = 0;
  const throttle = createLoginThrottle(() => now);
  function guess(account = 'a', address: string | null = null, at?: string) {
    return throttle.attempt({ account, address, at }, () => Promise.resolve(false));
  }
  return { throttle, guess, advance: (ms: number) => void (now += ms) };
}

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

  it('verifies no more at once than may fail one after the other', async () => {
    const { throttle, advance } = make();
    let verified = 0;
    function guess(account: string) {
      return throttle.attempt({ account, address: '10.0.0.1' }, async () => {
        verified += 1;
        await Promise.resolve();
        return false;
      });
    }
    const tries = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => guess(`user-${n}`)));
    expect(verified).toBe(20);
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(280);
    await expect(guess('one-more')).rejects.toMatchObject({ details: { retryAfterSeconds: 1 } });
    advance(1_000);
    expect(await throttle.attempt({ account: 'right', address: '10.0.0.1' }, () => Promise.resolve(true))).toBe(true);
  });

  it('lets many in at once from one address who are right', async () => {
    const { throttle } = make();
    function right(account: string) {
      return throttle.attempt({ account, address: '10.0.0.1' }, () => Promise.resolve(true));
    }
    const all = await Promise.all(Array.from({ length: 64 }, (_, n) => right(`user-${n}`)));
    expect(all).not.toContain(false);
  });

  it('goes on where a check itself fails', async () => {
    const { throttle } = make();
    function broken() {
      return throttle.attempt({ account: 'a', address: null }, () => Promise.reject(new Error('away')));
    }
    const all = await Promise.allSettled(Array.from({ length: 20 }, broken));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await throttle.attempt({ account: 'a', address: null }, () => Promise.resolve(true))).toBe(true);
  });

  it('takes no account for a place, whatever it is called', async () => {
    const { throttle, guess } = make();
    for (let n = 0; n < 5; n += 1) await guess('bob at 127.0.0.1', '127.0.0.3');
    await expect(guess('bob at 127.0.0.1', '127.0.0.4')).rejects.toMatchObject({ code: 'limit_exceeded' });
    const home = { account: 'bob', address: '127.0.0.1', at: '127.0.0.1' };
    expect(await throttle.attempt(home, () => Promise.resolve(true))).toBe(true);
  });

  it('counts an IPv6 network as one address', async () => {
    const { guess } = make();
    for (let n = 0; n < 20; n += 1) await guess(`user-${n}`, `2001:db8:1:2::${n}`);
    await expect(guess('another', '2001:db8:1:2:ffff::1')).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await guess('another', '2001:db8:1:3::1')).toBe(false);
  });
});
