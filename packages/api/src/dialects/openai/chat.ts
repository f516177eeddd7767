import { completeWithTools, streamWithTools } from '@switchboard/core/conversations';
import { completeChat, streamChat, type Chunks } from '@switchboard/core/models';
import type { ApiContext } from '../../context.ts';
import { heldStream } from '../../streams.ts';
import { openai } from '../kit/families.ts';
import { internal, type Problem } from '../kit/problem.ts';
import type { SseEvent } from '../kit/sse.ts';
import { findProblem } from '../kit/to-problem.ts';
import { route } from './dialect.ts';
import { chat as examples } from './examples.ts';
import { toAsked } from './map.ts';
import { ChatAnswer, ChatBody } from './wire.ts';

export const complete = route({
  method: 'POST',
  path: '/v1/chat/completions',
  summary: 'Ask a model, as OpenAI is asked',
  description:
    'One turn: the tools of the request are the caller’s own, and their calls come back to it. With `mcp_servers` the hub ' +
    'calls their tools itself, in ten turns at most. Chunks come as the provider sends them, and `[DONE]` last; what fails after the first of them is a last `data: {"error": …}`. ' +
    'Fields that the hub does not know go to the provider.',
  beyond: true,
  stream: 'stream',
  verbs: [completeChat],
  errors: [400, 401, 403, 404, 429, 504],
  example: examples,
})
  .input(ChatBody)
  .output(ChatAnswer)
  .mutation(async ({ ctx, input }) => {
    const asked = toAsked(input);
    const servers = input.mcp_servers ?? [];
    const withTools = { asked, chosen: { servers } };
    if (!input.stream) {
      return servers.length > 0 ? completeWithTools(ctx.core, withTools) : completeChat(ctx.core, asked);
    }
    // Counted before the model is asked: nobody pays for an answer that is refused.
    const release = ctx.streams.hold(ctx.core.actor);
    try {
      const chunks = await (servers.length > 0 ? streamWithTools(ctx.core, withTools) : streamChat(ctx.core, asked));
      function end() {
        release();
        chunks.return().catch(() => undefined);
      }
      return heldStream(eventsOf(ctx, chunks, input.stream_options?.include_usage === true), end, ctx.core.signal);
    } catch (error) {
      release();
      throw error;
    }
  });

/**
 * The chunks as they are. The use of a turn is a chunk without a choice, which some clients that did not ask for it
 * cannot read.
 */
async function* eventsOf(ctx: ApiContext, chunks: Chunks, includeUsage: boolean): AsyncGenerator<SseEvent> {
  try {
    for await (const chunk of chunks) {
      if (includeUsage || chunk.choices.length > 0 || !chunk.usage) yield { data: chunk };
    }
    yield { data: null, text: '[DONE]' };
  } catch (error) {
    yield { data: openai(problemOf(ctx, error)).body };
  }
}

/** Of a failure that no part of the request is to blame for by its place. */
const nowhere = { path: [], query: [], body: null, isBodyless: false, names: {} };

function problemOf({ core }: ApiContext, error: unknown): Problem {
  const problem = findProblem(error, nowhere, undefined);
  if (problem) return problem;
  core.log.error(
    { requestId: core.requestId, traceId: core.trace?.traceId ?? undefined, error },
    'A turn of a model failed',
  );
  return internal(core.requestId);
}
