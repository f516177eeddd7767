import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { memorySkillFiles, SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import { listenWeb } from '../../support/mcp/node-web.ts';

function skill(name: string): string {
  return `---
name: ${name}
description: Says how to ${name}.
---

# ${name}

Do it well.
`;
}

/** Serves two skills with the SDK's own extension (SEP-2640), in revision 2026-07-28. */
export async function startSkills(): Promise<{ url: string; close(): Promise<void> }> {
  const skills = await SkillsExtension.load(
    memorySkillFiles({
      'bake-bread/SKILL.md': skill('bake-bread'),
      'bake-bread/references/FLOUR.md': '# Flour',
      'plant-trees/SKILL.md': skill('plant-trees'),
    }),
  );
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(
        { name: 'conformance-skills', version: '1.0.0' },
        { capabilities: { resources: {} } },
      );
      skills.attach(server);
      return server;
    },
    { legacy: 'reject' },
  );
  const listening = await listenWeb((request) => handler.fetch(request));
  async function close(): Promise<void> {
    await handler.close();
    await listening.close();
  }
  return { url: `${listening.origin}/mcp`, close };
}
