import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Checkbox, SearchInput } from '../../ui/form/input.tsx';
import type { Chosen, OfferedTool } from './types.ts';

function nameOf({ server, tool }: OfferedTool): string {
  return `${server}/${tool}`;
}

function ToolRow({ tool, checked, onToggle }: { tool: OfferedTool; checked: boolean; onToggle: () => void }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  return (
    <li className="flex items-start gap-2.5 border-b border-line px-3 py-2 last:border-0 [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto]">
      <Checkbox id={id} className="mt-1" checked={checked} onChange={onToggle} />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="flex flex-wrap items-center gap-x-2">
          <code className="font-mono text-sm font-medium break-all">{tool.name}</code>
          <span className="text-xs text-ink-3">{tool.server}</span>
          {tool.readOnly && <Badge>{t('conversations.ask.readOnly')}</Badge>}
        </label>
        {tool.description !== '' && <p className="line-clamp-2 text-sm text-ink-3">{tool.description}</p>}
      </div>
      <span className="pt-0.5 text-xs text-ink-3 tabular">
        {t('conversations.tools.tokens', { count: tool.tokens, shown: count(tool.tokens, i18n.language) })}
      </span>
    </li>
  );
}

interface SingleToolsProps {
  offered: readonly OfferedTool[];
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

/** The tools of a choice, one by one, with what each costs. */
export function SingleTools({ offered, chosen, onChange }: SingleToolsProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const words = query.trim().toLowerCase();
  const shown = offered.filter(({ name, title, description, server }) =>
    `${server} ${name} ${title ?? ''} ${description}`.toLowerCase().includes(words),
  );
  const on = new Set(chosen.tools ?? offered.map(nameOf));
  function choose(names: ReadonlySet<string>) {
    const tools = offered.map(nameOf).filter((name) => names.has(name));
    onChange({ ...chosen, tools: tools.length === offered.length ? null : tools });
  }
  function toggle(name: string) {
    const next = new Set(on);
    if (!next.delete(name)) next.add(name);
    choose(next);
  }
  return (
    <section
      aria-label={t('conversations.tools.single')}
      className="overflow-hidden rounded-lg border border-line bg-surface"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <SearchInput className="min-w-40 flex-1" label={t('common.search')} value={query} onChange={setQuery} />
        <Button size="sm" onClick={() => choose(new Set([...on, ...shown.map(nameOf)]))}>
          {t('conversations.tools.all')}
        </Button>
        <Button
          size="sm"
          onClick={() => choose(new Set([...on].filter((name) => !shown.some((tool) => nameOf(tool) === name))))}
        >
          {t('conversations.tools.none')}
        </Button>
      </div>
      {shown.length === 0 && <p className="px-3 py-4 text-center text-sm text-ink-3">{t('items.noMatch')}</p>}
      <ul>
        {shown.map((tool) => (
          <ToolRow
            key={nameOf(tool)}
            tool={tool}
            checked={on.has(nameOf(tool))}
            onToggle={() => toggle(nameOf(tool))}
          />
        ))}
      </ul>
    </section>
  );
}
