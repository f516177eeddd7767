import type { Engines } from '@switchboard/core/engines';
import type { RunnableTool } from '@switchboard/core/generated-tools';
import { say } from '@switchboard/core/reasons';
import {
  type GeneratedWays,
  type Link,
  type LinkContext,
  LinkError,
  type LinkEvents,
  type OpenGenerated,
} from '@switchboard/mcp-runtime';
import { whyOf } from '@switchboard/mcp-runtime/reasons';
import { toContainer, type ToolImages } from './container.ts';
import type { FindDeno } from './deno-program.ts';
import { type DenoFolders, openInDeno } from './deno.ts';

export interface SandboxOptions {
  /** Loads the content of a tool with the reviewed hash. */
  load(serverId: string, reviewed: string): Promise<RunnableTool | null>;
  /** The place where tools run, by the settings. */
  sandbox: 'auto' | 'container' | 'deno' | 'none';
  engines: Pick<Engines, 'default'>;
  images: ToolImages;
  findDeno: FindDeno;
  folders: DenoFolders;
}

/** Runs tools that models wrote where nothing but their files is: in a container, else in Deno, and never without either. */
export function openSandbox(options: SandboxOptions): OpenGenerated {
  const { load, engines, sandbox } = options;
  const way = sandbox === 'auto' ? (engines.default === null ? 'deno' : 'container') : sandbox;
  return async ({ reviewed, ownUid }, context, events, ways) => {
    const tool = reviewed === null ? null : await load(context.serverId, reviewed);
    if (tool === null) throw new LinkError('unreachable', say('notReviewed'));
    const asked: SandboxRequest = { tool, ownUid, context, events, ways };
    try {
      if (way === 'container') return await inContainer(asked, options);
      if (way === 'deno') return await inDeno(asked, options);
      throw new LinkError('unreachable', say('noSandbox'));
    } catch (error) {
      if (context.signal.aborted || (error instanceof LinkError && error.code !== 'unreachable')) throw error;
      throw new LinkError('unreachable', say('toolCannotRun', { reason: whyOf(error) }), { cause: error });
    }
  };
}

interface SandboxRequest {
  tool: RunnableTool;
  ownUid: number | null;
  context: LinkContext;
  events: LinkEvents;
  ways: GeneratedWays;
}

async function inContainer({ tool, context, events, ways }: SandboxRequest, { images }: SandboxOptions): Promise<Link> {
  if (ways.container === null) throw new LinkError('unreachable', say('noSandbox'));
  if (tool.dependencies.trim() !== '') {
    const image = images[tool.language];
    events.log('info', 'hub', `Its packages have to be in the image ${image}: ${tool.dependencies}`);
  }
  return await ways.container(toContainer(tool, images), context, events);
}

async function inDeno(
  { tool, ownUid, context, events, ways }: SandboxRequest,
  { findDeno, folders }: SandboxOptions,
): Promise<Link> {
  if (tool.language === 'python') throw new LinkError('unreachable', say('pythonNeedsEngine'));
  if (tool.dependencies.trim() !== '') {
    events.log(
      'warn',
      'hub',
      `It has none of its packages, which only images of containers have: ${tool.dependencies}`,
    );
  }
  const program = await findDeno({ fetching: () => events.downloading?.() });
  if (program === null) throw new LinkError('unreachable', say('noSandbox'));
  return await openInDeno({ program, tool, ownUid, folders, open: ways.process }, context, events);
}
