import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkUrl, refuseAddress } from './url-guard.ts';

const open = { allowPrivate: true };
const strict = { allowPrivate: false };

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'ff02::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b:1:a9fe:a9:fe00::',
    '64:ff9b:1:a9:fe:a9fe::',
    '64:ff9b:1::a9:fea9:fe00:0',
    '64:ff9b:1::169.254.169.254',
    'not-an-address',
    '',
  ])('%s is never contacted', (address) => {
    expect(refuseAddress(address, open)).not.toBeNull();
    expect(refuseAddress(address, strict)).not.toBeNull();
  });

  it.each([
    '127.0.0.1',
    '127.255.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::',
    '::ffff:0:127.0.0.1',
    '64:ff9b:1:7f00:0:100::',
    '64:ff9b:1::8.8.8.8',
  ])('%s is contacted only where private ones are allowed', (address) => {
    expect(refuseAddress(address, open)).toBeNull();
    expect(refuseAddress(address, strict)).toContain('loopback or private');
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is contacted',
    (address) => {
      expect(refuseAddress(address, strict)).toBeNull();
    },
  );
});

const own = Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));

it.each(own)('%s, of this machine, is contacted at most where private ones are allowed', (address) => {
  expect(refuseAddress(address, strict)).not.toBeNull();
});

describe('a URL', () => {
  it.each([
    ['mcp', 'is not a URL'],
    ['ftp://host/', 'only http:// and https://'],
    ['file:///etc/passwd', 'only http:// and https://'],
    ['http://user:pw@host/', 'user name or password'],
    ['http://169.254.169.254/', 'may not contact 169.254.169.254'],
    ['http://[fd00:ec2::254]/', 'may not contact'],
    ['http://0x7f.1/', 'loopback or private'],
    ['http://127.1:8080/', 'loopback or private'],
    ['http://10.0.0.1/', 'ALLOW_PRIVATE_URLS'],
  ])('%s is refused: %s', (url, message) => {
    expect(() => checkUrl(url, strict)).toThrow(message);
  });

  it('with a name or a public address passes, with a private one where allowed', () => {
    expect(checkUrl('https://example.com/mcp?x=1', strict).href).toBe('https://example.com/mcp?x=1');
    expect(checkUrl('http://1.1.1.1/', strict).hostname).toBe('1.1.1.1');
    expect(checkUrl('http://localhost:3000/', open).port).toBe('3000');
    expect(checkUrl('http://127.0.0.1/', open).hostname).toBe('127.0.0.1');
  });
});
