import { describe, expect, it } from 'vitest';
import { draftOfImage, emptyDraft, spreadCommand, toCreate, toPatch } from './server-draft.ts';
import { suggestName } from './suggest-name.ts';

describe('server draft', () => {
  it('takes a whole command line apart', () => {
    const draft = spreadCommand({ ...emptyDraft(), command: 'npx -y @modelcontextprotocol/server-memory "a b"' });
    expect([draft.command, draft.args]).toEqual(['npx', "-y @modelcontextprotocol/server-memory 'a b'"]);
  });

  it.each([
    ['npx', '-y @modelcontextprotocol/server-memory@1.0.0', 'memory'],
    ['uvx', 'mcp-server-fetch', 'fetch'],
    ['node', '/opt/tools/weather.mjs', 'weather'],
    ['/usr/bin/my-tool', '', 'my-tool'],
  ])('suggests a name for %s %s', (command, args, name) => {
    expect(suggestName({ ...emptyDraft(), command, args })).toBe(name);
  });

  it('suggests the host of a URL', () => {
    expect(suggestName({ ...emptyDraft(), kind: 'sse', url: 'https://mcp.example.com/sse' })).toBe('mcp.example.com');
  });

  it('sends only what belongs to the kind', () => {
    const draft = { ...emptyDraft(), kind: 'sse' as const, url: ' https://a.b/sse ', command: 'left over', name: 'A' };
    const sent = toCreate(draft);
    expect(sent).toMatchObject({ kind: 'sse', name: 'A', url: 'https://a.b/sse', headers: {}, env: {}, secrets: {} });
    const ofOthers = ['command', 'args', 'cwd', 'container', 'account'];
    expect(Object.keys(sent).filter((name) => ofOthers.includes(name))).toEqual([]);
    expect(sent).not.toHaveProperty('isolation');
  });

  it('sends a line that was left empty as nothing', () => {
    const draft = { ...emptyDraft(), command: 'x', docsUrl: '  ' };
    expect(toCreate(draft)).toMatchObject({ docsUrl: null, cwd: null });
    expect(toPatch({ ...draft, docsUrl: ' https://a.b/docs ' })).toMatchObject({ docsUrl: 'https://a.b/docs' });
  });

  it('leaves the name to the hub where nothing suggests one, and keeps it wrong where it was taken away', () => {
    expect(toCreate(emptyDraft())).not.toHaveProperty('name');
    expect(toPatch({ ...emptyDraft(), command: 'x' })).toMatchObject({ name: '' });
  });

  it('keeps the variables of a remote server, which its address and its proxy stand in', () => {
    const env = [{ name: 'HTTPS_PROXY', value: '***' }];
    const draft = { ...emptyDraft(), kind: 'sse' as const, url: 'https://a.b/sse', env };
    expect(toPatch(draft)).toMatchObject({ env: { HTTPS_PROXY: '***' }, command: null });
  });

  it('clears what the other kind had when the kind changes', () => {
    const patch = toPatch({ ...emptyDraft(), kind: 'stdio', command: 'x', name: 'A' });
    expect(patch).toMatchObject({ url: null, headers: {}, command: 'x', args: [] });
  });

  it.each([
    ['ghcr.io/acme/mcp-server-files:1', 'files'],
    ['mcp/github', 'github'],
    ['127.0.0.1:5000/team/search-mcp@sha256:00', 'search'],
  ])('of the image %s is a container called %s', (image, name) => {
    const draft = draftOfImage(image);
    expect(suggestName(draft)).toBe(name);
    expect(toCreate({ ...draft, command: 'node server.js' })).toMatchObject({
      kind: 'container',
      name,
      command: 'node',
      args: ['server.js'],
      container: { image },
    });
    expect(toPatch(draft)).toMatchObject({ url: null, container: { image } });
    expect(toPatch({ ...draft, kind: 'stdio' })).toMatchObject({ container: null, secrets: {}, headers: {} });
  });
});
