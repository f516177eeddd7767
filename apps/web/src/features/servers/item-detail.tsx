import { Link } from '@tanstack/react-router';
import { FlaskConical, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Item } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { SchemaTable } from '../../ui/schema-form/schema-table.tsx';
import { isSchema } from '../../ui/schema-form/schema.ts';
import { Json } from '../../ui/text/code.tsx';
import { methods, useSetItem } from './use-set-item.ts';

const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

function Annotations({ item }: { item: Item }) {
  const { t } = useTranslation();
  const annotations = item.definition['annotations'];
  if (!isSchema(annotations)) return null;
  const set = hints.filter((hint) => annotations[hint] === true);
  if (set.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-1.5">
      {set.map((hint) => (
        <Badge key={hint} tone={hint === 'destructiveHint' ? 'warn' : 'neutral'}>
          {t(`servers.items.annotation.${hint}`)}
        </Badge>
      ))}
    </div>
  );
}

function Description({ item }: { item: Item }) {
  const { t } = useTranslation();
  const server = useServer();
  const setItem = useSetItem();
  const [draft, setDraft] = useState<string | null>(null);
  function save(description: string | null) {
    setItem.mutate(
      { id: server.id, type: item.type, name: item.name, description },
      { onSuccess: () => setDraft(null) },
    );
  }
  if (draft === null) {
    return (
      <div className="flex flex-col items-start gap-2">
        <p className="max-w-3xl break-words whitespace-pre-wrap text-ink-2">
          {item.description ?? t('servers.items.noDescription')}
        </p>
        {server.can.configure && (
          <Button
            size="sm"
            look="ghost"
            className="-ml-2.5"
            icon={<PencilLine aria-hidden className="size-3.5" />}
            onClick={() => setDraft(item.description ?? '')}
          >
            {t('servers.items.redescribe')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className="flex max-w-3xl flex-col gap-2">
      <Field label={t('items.newDescription')} hint={t('servers.items.redescribeHint')}>
        <Textarea rows={4} value={draft} onChange={(event) => setDraft(event.target.value)} autoFocus />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" look="primary" busy={setItem.isPending} onClick={() => save(draft)}>
          {t('common.save')}
        </Button>
        <Button size="sm" onClick={() => setDraft(null)}>
          {t('common.cancel')}
        </Button>
        {item.description !== item.originalDescription && (
          <Button size="sm" look="ghost" onClick={() => save(null)}>
            {t('items.useOriginal')}
          </Button>
        )}
      </div>
    </div>
  );
}

function promptSchema(item: Item) {
  const list = item.definition['arguments'];
  if (!Array.isArray(list) || list.length === 0) return null;
  const args = list.filter(isSchema);
  return {
    type: 'object',
    properties: Object.fromEntries(
      args.map((each) => [String(each['name']), { type: 'string', description: each['description'] }]),
    ),
    required: args.filter((each) => each['required'] === true).map((each) => each['name']),
  };
}

export function ItemDetail({ item }: { item: Item }) {
  const { t } = useTranslation();
  const server = useServer();
  const input = item.definition['inputSchema'];
  const output = item.definition['outputSchema'];
  const args = item.type === 'prompt' ? promptSchema(item) : null;
  return (
    <div className="flex animate-rise flex-col gap-5 border-t border-line bg-page px-4 py-4 sm:pl-10.5">
      <Annotations item={item} />
      <Description item={item} />
      {isSchema(input) && <SchemaTable title={t('servers.items.input')} schema={input} />}
      {args && <SchemaTable title={t('servers.items.input')} schema={args} />}
      {isSchema(output) && <SchemaTable title={t('servers.items.output')} schema={output} />}
      <Disclosure title={t('servers.items.raw')}>
        <Json value={item.definition} label={t('servers.items.raw')} />
      </Disclosure>
      {server.can.use && item.enabled && (
        <div>
          <Link
            to="/playground"
            search={{ server: server.id, method: methods[item.type], name: item.name }}
            className={buttonClass('primary', 'sm')}
          >
            <FlaskConical aria-hidden className="size-3.5" />
            {t('servers.items.tryIt')}
          </Link>
        </div>
      )}
    </div>
  );
}
