import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldMessage, useTRPC, type Failure, type Outputs } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select, Textarea } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';

export const sourceKinds = ['none', 'server', 'openApi', 'model'] as const;

/** What the actions of a new app are made of. */
export interface AppSource {
  kind: (typeof sourceKinds)[number];
  server: string;
  document: string;
  prompt: string;
}

export const noSource: AppSource = { kind: 'none', server: '', document: '', prompt: '' };

/** Whether all is there that the actions are made of. */
export function isSourceComplete({ kind, server, document, prompt }: AppSource): boolean {
  const needed = { none: 'nothing', server, openApi: document, model: prompt }[kind];
  return needed.trim() !== '';
}

type Drafted = Outputs['apps']['draft']['server'];
type About = { category: string; name: string; displayName: string; description: string };

/** Makes actions of a source; null where there is none. */
export function useDrafting() {
  const trpc = useTRPC();
  const server = useMutation(trpc.apps.draft.server.mutationOptions());
  const openApi = useMutation(trpc.apps.draft.openApi.mutationOptions());
  const model = useMutation(trpc.apps.draft.model.mutationOptions());
  return async (source: AppSource, about: About): Promise<Drafted | null> => {
    switch (source.kind) {
      case 'none':
        return null;
      case 'server':
        return await server.mutateAsync({ server: source.server });
      case 'openApi':
        return await openApi.mutateAsync({ text: source.document });
      case 'model':
        return await model.mutateAsync({ ...about, prompt: source.prompt });
    }
  };
}

interface SourceFieldsProps {
  source: AppSource;
  onChange: (source: AppSource) => void;
  failure: Failure | null;
}

function ServerSource({ source, onChange, failure }: SourceFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1_000, sort: 'name', order: 'asc' }));
  return (
    <Field required label={t('apps.source.server')} error={fieldMessage(failure, 'server')}>
      <Select value={source.server} onChange={(event) => onChange({ ...source, server: event.target.value })}>
        <option value="">{t('apps.source.choose')}</option>
        {servers.data?.items.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What the actions are made of, and of which one. */
export function SourceFields(props: SourceFieldsProps) {
  const { t } = useTranslation();
  const { source, onChange, failure } = props;
  return (
    <div className="flex flex-col gap-2">
      <span className="text-sm font-medium">{t('apps.source.label')}</span>
      <Segmented
        label={t('apps.source.label')}
        value={source.kind}
        onChange={(kind) => onChange({ ...source, kind })}
        options={sourceKinds.map((value) => ({ value, label: t(`apps.source.kind.${value}`) }))}
      />
      <p className="text-xs text-ink-3">{t(`apps.source.hint.${source.kind}`)}</p>
      {source.kind === 'server' && <ServerSource {...props} />}
      {source.kind === 'openApi' && (
        <Field required label={t('apps.source.document')} error={fieldMessage(failure, 'text')}>
          <Textarea
            mono
            rows={6}
            value={source.document}
            onChange={(event) => onChange({ ...source, document: event.target.value })}
          />
        </Field>
      )}
      {source.kind === 'model' && (
        <Field required label={t('apps.source.prompt')} error={fieldMessage(failure, 'prompt')}>
          <Input
            value={source.prompt}
            placeholder={t('apps.source.promptExample')}
            onChange={(event) => onChange({ ...source, prompt: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}
