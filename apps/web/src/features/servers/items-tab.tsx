import { useQuery } from '@tanstack/react-query';
import { useMatches, useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Item, ServerItems } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { Time } from '../../ui/text/time.tsx';
import { ItemNotes } from './item-notes.tsx';
import { ItemRow } from './item-row.tsx';
import { OthersSwitch } from './others-switch.tsx';

type Section = 'tools' | 'resources' | 'prompts';

function itemsOf(section: Section, items: ServerItems): Item[] {
  if (section === 'tools') return items.tools;
  return section === 'prompts' ? items.prompts : [...items.resources, ...items.templates];
}

const typesOf = { tools: ['tool'], prompts: ['prompt'], resources: ['resource', 'template'] } as const;

/** What was done about a section's items, and about the server itself, which stands beside its tools. */
function notesOf(section: Section, { notes }: ServerItems): ServerItems['notes'] {
  const types: readonly string[] = typesOf[section];
  return notes.filter(({ type }) => types.includes(type) || (type === 'server' && section === 'tools'));
}

function fits(item: Item, query: string): boolean {
  const text = [item.name, item.title, item.description].join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What a server offers of one sort, each with its schema, its switch and its description. */
export function ItemsTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const server = useServer();
  const path = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? '' });
  const section: Section = path.endsWith('/resources') ? 'resources' : path.endsWith('/prompts') ? 'prompts' : 'tools';
  const search: { q?: string | undefined; item?: string | undefined } = useSearch({ strict: false });
  const { q = '', item: opened } = search;
  const navigate = useNavigate();
  function change(next: { q?: string | undefined; item?: string | undefined }) {
    void navigate({ to: '.', search: (old) => ({ ...old, ...next }), replace: true });
  }
  const query = useQuery(trpc.servers.items.queryOptions({ id: server.id }));
  const all = query.data ? itemsOf(section, query.data) : [];
  const notes = query.data ? notesOf(section, query.data) : [];
  const shown = all.filter((item) => fits(item, q));
  if (query.isError && !query.data) {
    return (
      <Callout tone="bad" title={t('items.loadFailed')}>
        {toFailure(query.error).message}
      </Callout>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <h2 className="sr-only">{t(`servers.tab.${section}`)}</h2>
      {section === 'tools' && query.data?.instructions != null && query.data.instructions !== '' && (
        <Disclosure boxed title={t('servers.items.instructions')}>
          <p className="text-sm whitespace-pre-wrap text-ink-2">{query.data.instructions}</p>
        </Disclosure>
      )}
      <ItemNotes notes={notes} />
      <Card flush>
        <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-3">
          <SearchInput
            className="w-full sm:w-72"
            label={t(`servers.items.search.${section}`)}
            value={q}
            onChange={(value) => change({ q: value === '' ? undefined : value })}
          />
          {query.data && <OthersSwitch section={section} types={typesOf[section]} othersOff={query.data.othersOff} />}
          {query.data && (
            <p className="text-sm text-ink-3">
              {t('servers.items.count', { count: all.length })}
              {query.data.updatedAt !== null && (
                <>
                  {' · '}
                  {t('servers.items.asOf')} <Time value={query.data.updatedAt} />
                </>
              )}
            </p>
          )}
        </div>
        {!query.data && <SkeletonRows rows={6} className="h-16" />}
        {query.data && shown.length === 0 && (
          <Empty icon={<Inbox />} title={all.length > 0 ? t('items.noMatch') : t(`servers.items.none.${section}`)}>
            {all.length === 0 && query.data.updatedAt === null ? t('servers.items.neverRan') : undefined}
          </Empty>
        )}
        <ul>
          {shown.map((item) => (
            <ItemRow
              key={`${item.type} ${item.name}`}
              item={item}
              notes={notes.filter(({ type, name }) => type === item.type && name === item.name)}
              open={opened === item.name}
              onToggle={() => change({ item: opened === item.name ? undefined : item.name })}
            />
          ))}
        </ul>
      </Card>
    </div>
  );
}
