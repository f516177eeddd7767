import type { Engines } from '@switchboard/core/engines';
import type { RunnableTool } from '@switchboard/core/generated-tools';
import { say } from '@switchboard/core/reasons';
import { LinkError, type OpenGenerated } from '@switchboard/mcp-runtime';
import { whyOf } from '@switchboard/mcp-runtime/reasons';
import { toContainer, type ToolImages } from './container.ts';

export interface SandboxOptions {
  /** What of a tool may run, by the hash that was reviewed. */
  load(serverId: string, reviewed: string): Promise<RunnableTool | null>;
  engines: Pick<Engines, 'default'>;
  images: ToolImages;
}

/** Runs tools that models wrote where nothing but their files is, and never on the machine itself. */
export function openSandbox({ load, engines, images }: SandboxOptions): OpenGenerated {
  return async ({ reviewed }, context, events, ways) => {
    const tool = reviewed === null ? null : await load(context.serverId, reviewed);
    if (tool === null) throw new LinkError('unreachable', say('notReviewed'));
    if (ways.container === null || engines.default === null) throw cannotRun(say('noSandbox'));
    if (tool.dependencies.trim() !== '') {
      const image = images[tool.language];
      events.log('info', 'hub', `Its packages have to be in the image ${image}: ${tool.dependencies}`);
    }
    try {
      return await ways.container(toContainer(tool, images), context, events);
    } catch (error) {
      if (context.signal.aborted || !(error instanceof LinkError) || error.code !== 'unreachable') throw error;
      throw cannotRun(whyOf(error), error);
    }
  };
}

function cannotRun(reason: ReturnType<typeof whyOf>, cause?: unknown): LinkError {
  return new LinkError('unreachable', say('toolCannotRun', { reason }), { cause });
}
