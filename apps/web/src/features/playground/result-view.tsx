import { useTranslation } from 'react-i18next';
import type { Method } from '../../lib/calls/methods.ts';
import type { Params } from '../../lib/calls/run-state.ts';
import { toBlock, toList, toResource, type Block } from '../../ui/calls/blocks.ts';
import { ContentBlock } from '../../ui/calls/content-block.tsx';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Json } from '../../ui/text/code.tsx';

function Messages({ messages, serverId }: { messages: unknown[]; serverId: string }) {
  return (
    <ol className="flex flex-col gap-4">
      {messages.map((message, index) => {
        const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
        return (
          <li key={index} className="flex flex-col items-start gap-2">
            <Badge tone={role === 'assistant' ? 'accent' : 'neutral'}>{String(role)}</Badge>
            <div className="flex w-full flex-col gap-2">
              {toList(content).map((each, part) => (
                <ContentBlock key={part} block={toBlock(each)} serverId={serverId} />
              ))}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Servers repeat structured content as text for older clients; reading it once is enough. */
function saysTheSame(block: Block, structured: unknown): boolean {
  if (block.kind !== 'text') return false;
  try {
    return JSON.stringify(JSON.parse(block.text)) === JSON.stringify(structured);
  } catch {
    return false;
  }
}

/** A result as people read it. Everything in it was written by the server and is shown as data. */
export function ResultView({ method, result, serverId }: { method: Method; result: Params; serverId: string }) {
  const { t } = useTranslation();
  if (method === 'prompts/get') {
    const description = result['description'];
    return (
      <div className="flex flex-col gap-4">
        {typeof description === 'string' && <p className="text-ink-2">{description}</p>}
        <Messages messages={toList(result['messages'])} serverId={serverId} />
      </div>
    );
  }
  const blocks =
    method === 'resources/read' ? toList(result['contents']).map(toResource) : toList(result['content']).map(toBlock);
  const structured = result['structuredContent'];
  const shown = structured === undefined ? blocks : blocks.filter((block) => !saysTheSame(block, structured));
  return (
    <div className="flex flex-col gap-4">
      {result['isError'] === true && (
        <Callout tone="bad" title={t('playground.answer.toolError')}>
          {t('playground.answer.toolErrorHint')}
        </Callout>
      )}
      {shown.map((block, index) => (
        <ContentBlock key={index} block={block} serverId={serverId} />
      ))}
      {blocks.length === 0 && structured === undefined && (
        <p className="text-ink-3">{t('playground.answer.nothing')}</p>
      )}
      {structured !== undefined && (
        <section>
          <h2 className="mb-1.5 text-sm font-medium">{t('playground.answer.structured')}</h2>
          <Json value={structured} label={t('playground.answer.structured')} />
        </section>
      )}
    </div>
  );
}
