import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportEntry } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Checkbox, Textarea } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ImportEntries } from './import-entries.tsx';
import { ImportInputs } from './import-inputs.tsx';
import { useImportPreview } from './use-import-preview.ts';

const example = `{
  "mcpServers": {
    "memory": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory"]
    },
    "docs": { "url": "https://mcp.example.com/mcp" }
  }
}`;

/** How many of these are added, and how many are replaced. */
function countsOf(entries: readonly ImportEntry[]): { added: number; count: number } {
  function of(action: ImportEntry['action']) {
    return entries.filter((entry) => entry.action === action).length;
  }
  return { added: of('create'), count: of('replace') };
}

/** What the button does, in words. */
function willDo(entries: readonly ImportEntry[], t: TFunction): string {
  const { added, count } = countsOf(entries);
  if (entries.length === 0) return t('servers.import.addNone');
  if (count === 0) return t('servers.import.add', { count: added });
  return added === 0 ? t('servers.import.replaceOnly', { count }) : t('servers.import.addReplace', { added, count });
}

/** What was done, in words. */
function didDo(entries: readonly ImportEntry[], t: TFunction): string {
  const { added, count } = countsOf(entries);
  if (count === 0) return t('servers.import.done', { count: added });
  return added === 0 ? t('servers.import.doneReplaced', { count }) : t('servers.import.doneBoth', { added, count });
}

/** Reads any client's config as it is pasted and says per entry what would happen. */
export function PasteConfig() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState('');
  const [replace, setReplace] = useState(false);
  const [containers, setContainers] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [inputs, setInputs] = useState<Record<string, string>>({});
  const [ids, setIds] = useState<Record<string, string>>({});
  const { request, result, ...preview } = useImportPreview({
    text,
    onConflict: replace ? 'replace' : 'skip',
    containers,
    inputs,
    ids,
  });
  const ready =
    result?.entries.filter(
      (entry) => (entry.action === 'create' || entry.action === 'replace') && !left.has(entry.name),
    ) ?? [];
  const apply = useMutation(
    trpc.servers.importConfig.mutationOptions({
      onSuccess: async ({ entries }) => {
        const done = entries.filter((entry) => entry.action === 'create' || entry.action === 'replace');
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        toast.ok(didDo(done, t));
        const only = done.length === 1 ? done[0]?.id : null;
        if (only) await navigate({ to: '/servers/$id', params: { id: only } });
        else await navigate({ to: '/servers' });
      },
    }),
  );
  const error = apply.error ?? preview.error;
  return (
    <div className="flex flex-col gap-5">
      <Card>
        <Field label={t('servers.import.config')} hint={t('servers.import.hint')}>
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
        <Callout alert tone="bad" title={t('servers.import.unreadable')}>
          {toFailure(error).message}
        </Callout>
      )}
      {!error && result && (
        <Card title={t('servers.import.preview')} flush>
          <ImportEntries
            entries={result.entries}
            left={left}
            onToggle={(name, taken) => {
              const next = new Set(left);
              if (taken) next.delete(name);
              else next.add(name);
              setLeft(next);
            }}
            ids={ids}
            onId={(name, id) => setIds({ ...ids, [name]: id })}
          />
        </Card>
      )}
      <ImportInputs asked={result?.inputs ?? []} values={inputs} onChange={setInputs} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button
          look="primary"
          busy={apply.isPending}
          disabled={ready.length === 0 || !preview.settled}
          onClick={() => apply.mutate({ ...request, apply: true, only: ready.map((entry) => entry.name) })}
        >
          {willDo(ready, t)}
        </Button>
        <label className="flex items-center gap-2 text-sm">
          <Checkbox checked={replace} onChange={(event) => setReplace(event.target.checked)} />
          {t('servers.import.replace')}
        </label>
        {result?.entries.some((entry) => entry.docker) === true && (
          <label className="flex items-center gap-2 text-sm">
            <Checkbox checked={containers} onChange={(event) => setContainers(event.target.checked)} />
            {t('servers.import.containers')}
          </label>
        )}
      </div>
    </div>
  );
}
