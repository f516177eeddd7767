import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Launch } from '../../types.ts';
import { sseServer, streamableServer } from '../fixtures/http-server.ts';
import { createLinks } from './index.ts';
import { openTestLink, processOptions, remote } from './testing.ts';

const program = fileURLToPath(new URL('../fixtures/stdio-server.mjs', import.meta.url));
const stdio: Launch = { kind: 'stdio', command: 'node', args: [program], env: {}, cwd: null };

it('opens a link of every kind, and lets go of its connections', async () => {
  const links = createLinks({ process: processOptions });
  await using streamable = await streamableServer({ events: false });
  await using sse = await sseServer();
  for (const launch of [stdio, remote('streamable-http', streamable.url), remote('sse', sse.url)]) {
    await using test = await openTestLink(links.open, launch);
    expect(await test.request('echo', { kind: launch.kind })).toMatchObject({ result: { kind: launch.kind } });
    expect(test.link.pid === null).toBe(launch.kind !== 'stdio');
  }
  await links.close();
  await expect.poll(() => streamable.sockets.size + sse.sockets.size).toBe(0);
});

it('keeps connections of different address policies apart', async () => {
  const links = createLinks({ process: processOptions });
  await using server = await streamableServer({ events: false });
  const launch = remote('streamable-http', `http://localhost:${server.port}/`);
  await using open = await openTestLink(links.open, launch);
  await open.request('echo');
  await using strict = await openTestLink(links.open, { ...launch, allowPrivate: false });
  await expect(strict.request('echo')).rejects.toMatchObject({ code: 'forbidden_url' });
  await links.close();
});
