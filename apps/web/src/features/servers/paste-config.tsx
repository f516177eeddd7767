import { useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportResult } from '../../lib/api-types.ts';
import { toFailure, useTRPC, useTRPCClient } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Card } from '../../ui/card.tsx';
import { Checkbox, Input, Textarea } from '../../ui/input.tsx';
import { Field } from '../../ui/field.tsx';
import { useToast } from '../../ui/toast.tsx';
import { ImportEntries } from './import-entries.tsx';

const example = `{
  "mcpServers": {
    "memory": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory"]
    },
    "docs": { "url": "https://mcp.example.com/mcp" }
  }
}`;

function useSettled(text: string, ms = 350): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return useDeferredValue(settled);
}

const inputIds = (result: ImportResult | undefined) => [
  ...new Set(
    result?.entries.flatMap((entry) =>
      entry.missing.filter((name) => name.startsWith('input:')).map((name) => name.slice(6)),
    ),
  ),
];

/** Reads any client's config as it is pasted and says per entry what would happen. */
export function PasteConfig() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const api = useTRPCClient();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState('');
  const [replace, setReplace] = useState(false);
  const [containers, setContainers] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [inputs, setInputs] = useState<Record<string, string>>({});
  const settled = useSettled(text);
  const request = { text: settled, onConflict: replace ? 'replace' : 'skip', containers, inputs } as const;
  const preview = useQuery({
    queryKey: ['import-preview', request],
    queryFn: () => api.servers.importConfig.mutate({ ...request, apply: false }),
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const ready =
    preview.data?.entries.filter(
      (entry) => (entry.action === 'create' || entry.action === 'replace') && !left.has(entry.name),
    ) ?? [];
  const apply = useMutation(
    trpc.servers.importConfig.mutationOptions({
      onSuccess: async (result) => {
        const done = result.entries.filter((entry) => entry.action === 'create' || entry.action === 'replace');
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        toast.ok(t('import.done', { count: done.length }));
        const only = done.length === 1 ? done[0]?.id : null;
        if (only) await navigate({ to: '/servers/$id', params: { id: only } });
        else await navigate({ to: '/servers' });
      },
    }),
  );
  const error = apply.error ?? (settled.trim() === '' ? null : preview.error);
  return (
    <div className="flex flex-col gap-5">
      <Card>
        <Field label={t('import.config')} hint={t('import.hint')}>
          <Textarea
            mono
            rows={12}
            value={text}
            placeholder={example}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      </Card>
      {error && (
        <Callout alert tone="bad" title={t('import.unreadable')}>
          {toFailure(error).message}
        </Callout>
      )}
      {!error && settled.trim() !== '' && preview.data && (
        <Card title={t('import.preview')} flush>
          <ImportEntries
            entries={preview.data.entries}
            left={left}
            onToggle={(name, taken) => {
              const next = new Set(left);
              if (taken) next.delete(name);
              else next.add(name);
              setLeft(next);
            }}
          />
        </Card>
      )}
      {inputIds(preview.data).length > 0 && (
        <Card title={t('import.inputs')}>
          <div className="grid gap-4 sm:grid-cols-2">
            {inputIds(preview.data).map((id) => (
              <Field key={id} label={<code className="font-mono">{id}</code>}>
                <Input
                  value={inputs[id] ?? ''}
                  onChange={(event) => setInputs({ ...inputs, [id]: event.target.value })}
                />
              </Field>
            ))}
          </div>
        </Card>
      )}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button
          look="primary"
          busy={apply.isPending}
          disabled={ready.length === 0 || preview.isPlaceholderData || text !== settled}
          onClick={() => apply.mutate({ ...request, apply: true, only: ready.map((entry) => entry.name) })}
        >
          {ready.length === 0 ? t('import.addNone') : t('import.add', { count: ready.length })}
        </Button>
        <label className="flex items-center gap-2 text-sm">
          <Checkbox checked={replace} onChange={(event) => setReplace(event.target.checked)} />
          {t('import.replace')}
        </label>
        {preview.data?.entries.some((entry) => entry.docker) === true && (
          <label className="flex items-center gap-2 text-sm">
            <Checkbox checked={containers} onChange={(event) => setContainers(event.target.checked)} />
            {t('import.containers')}
          </label>
        )}
      </div>
    </div>
  );
}
