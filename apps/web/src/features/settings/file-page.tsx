import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilePlan } from '../../lib/api-types.ts';
import { saveAs } from '../../lib/files.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FilePick } from '../../ui/form/file-pick.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { FilePlanView } from './file-plan.tsx';

function ExportCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: () => queryClient.fetchQuery(trpc.configuration.exportFile.queryOptions({}, { staleTime: 0 })),
    onSuccess: ({ text }) => saveAs('hub.yaml', text),
  });
  return (
    <Card title={t('settings.file.export')}>
      <p className="max-w-2xl text-ink-2">{t('settings.file.exportHint')}</p>
      {save.isError && (
        <div className="mt-3">
          <Callout alert tone="bad" title={toFailure(save.error).message} />
        </div>
      )}
      <div className="mt-4">
        <Button busy={save.isPending} icon={<Download aria-hidden className="size-4" />} onClick={() => save.mutate()}>
          {t('settings.file.save')}
        </Button>
      </div>
    </Card>
  );
}

/** Looks at a file and applies it; what changed since the plan makes a new plan. */
function useFile() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState('');
  // A whole hub is too much for a field to be edited in: what comes from a file stays one.
  const [name, setName] = useState<string | null>(null);
  const [plan, setPlan] = useState<FilePlan | null>(null);
  const look = useMutation(trpc.configuration.planFile.mutationOptions({ onSuccess: setPlan }));
  const apply = useMutation(
    trpc.configuration.applyFile.mutationOptions({
      onSuccess: async () => {
        setPlan(null);
        toast.ok(t('settings.file.applied'));
        await queryClient.invalidateQueries();
      },
      onError: (error) => {
        if (toFailure(error).code === 'CONFLICT') look.mutate({ text });
      },
    }),
  );
  function change(next: string, from: string | null = null) {
    setText(next);
    setName(from);
    setPlan(null);
    look.reset();
    apply.reset();
  }
  async function take(file: File | undefined) {
    if (file) change(await file.text(), file.name);
  }
  const error = apply.error ?? look.error;
  return { text, name, change, take, plan, look, apply, failure: error ? toFailure(error) : null };
}

/** The configuration of the whole hub as one file: out, and in as a plan. */
export function FilePage() {
  const { t } = useTranslation();
  const { text, name, change, take, plan, look, apply, failure } = useFile();
  const does = plan !== null && plan.counts.refused === 0 && plan.counts.create + plan.counts.update > 0;
  return (
    <Page
      title={t('settings.file.title')}
      lead={t('settings.file.lead')}
      above={
        <Breadcrumb>
          <Link to="/settings">{t('common.settings')}</Link>
        </Breadcrumb>
      }
    >
      <div className="flex max-w-5xl flex-col gap-4">
        <ExportCard />
        <Card title={t('settings.file.import')}>
          <div className="flex flex-col gap-4">
            {name === null ? (
              <Field label={t('settings.file.text')} hint={t('settings.file.textHint')}>
                <Textarea
                  rows={10}
                  className="font-mono text-sm"
                  spellCheck={false}
                  value={text}
                  onChange={(event) => change(event.target.value)}
                />
              </Field>
            ) : (
              <div className="flex flex-wrap items-center gap-3">
                <code className="font-mono text-sm break-all">{name}</code>
                <span className="text-sm text-ink-3">
                  {t('settings.file.lines', { count: text.split('\n').length })}
                </span>
                <Button size="sm" onClick={() => change('')}>
                  {t('settings.file.clear')}
                </Button>
              </div>
            )}
            <div className="flex flex-wrap gap-2">
              <FilePick accept=".yaml,.yml" onFiles={([file]) => void take(file)}>
                {t('settings.file.pick')}
              </FilePick>
              <Button
                look="primary"
                busy={look.isPending}
                disabled={text.trim() === ''}
                onClick={() => {
                  apply.reset();
                  look.mutate({ text });
                }}
              >
                {t('settings.file.look')}
              </Button>
            </div>
            {failure && (
              <Callout alert tone="bad" title={failure.message}>
                {failure.fields.length > 1 && (
                  <ul>
                    {failure.fields.map(({ field, message }) => (
                      <li key={field}>
                        {field}: {message}
                      </li>
                    ))}
                  </ul>
                )}
              </Callout>
            )}
          </div>
        </Card>
        {plan && <FilePlanView plan={plan} />}
        {plan && (
          <div className="flex flex-wrap items-center gap-3">
            <Button
              look="primary"
              busy={apply.isPending}
              disabled={!does}
              onClick={() => apply.mutate({ text, hash: plan.hash })}
            >
              {t('settings.file.apply')}
            </Button>
            {!does && plan.counts.refused === 0 && <p className="text-ink-2">{t('settings.file.same')}</p>}
          </div>
        )}
      </div>
    </Page>
  );
}
