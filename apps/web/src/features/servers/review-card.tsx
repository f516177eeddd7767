import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { GeneratedTool } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ReviewFiles } from './review-files.tsx';

function useReview() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  async function onSettled() {
    await queryClient.invalidateQueries(trpc.generatedTools.pathFilter());
    await queryClient.invalidateQueries(trpc.servers.pathFilter());
  }
  return {
    enable: useMutation(trpc.generatedTools.enable.mutationOptions({ onSettled })),
    disable: useMutation(trpc.generatedTools.disable.mutationOptions({ onSettled })),
  };
}

function Decision({ tool }: { tool: GeneratedTool }) {
  const { t } = useTranslation();
  const { enable, disable } = useReview();
  const [hosts, setHosts] = useState((tool.before?.hosts ?? []).join(' '));
  const error = enable.error ?? disable.error;
  const failure = error ? toFailure(error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    disable.reset();
    enable.mutate({ id: tool.id, hash: tool.hash, hosts: hosts.split(/[\s,]+/).filter((host) => host !== '') });
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field
        label={t('servers.review.hosts')}
        hint={t('servers.review.hostsHint')}
        error={fieldMessage(failure, 'hosts') ?? fieldMessage(failure, 'hosts.0')}
      >
        <Input mono value={hosts} placeholder="api.example.com" onChange={(event) => setHosts(event.target.value)} />
      </Field>
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={enable.isPending} disabled={!tool.can.enable}>
          {t('servers.review.enable')}
        </Button>
        {tool.reviewed && (
          <Button
            busy={disable.isPending}
            onClick={() => {
              enable.reset();
              disable.mutate({ id: tool.id });
            }}
          >
            {t('servers.review.disable')}
          </Button>
        )}
        {!tool.can.enable && <p className="text-sm text-ink-3">{t('servers.review.needs')}</p>}
      </div>
    </form>
  );
}

/** What a model wrote, to be read before it runs. */
export function ReviewCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useServer();
  const { data: tool, error } = useQuery(trpc.generatedTools.get.queryOptions({ id }));
  return (
    <Card title={t('servers.review.title')}>
      <div className="flex flex-col gap-5">
        {error && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {toFailure(error).message}
          </Callout>
        )}
        {!tool && !error && <Skeleton className="h-40 rounded-lg" />}
        {tool && (
          <>
            <p className="max-w-prose text-ink-2">
              {tool.reviewed
                ? t('servers.review.isReviewed')
                : t(tool.before === null ? 'servers.review.isNew' : 'servers.review.isChanged')}
            </p>
            <ReviewFiles tool={tool} />
            <Decision key={tool.hash} tool={tool} />
          </>
        )}
      </div>
    </Card>
  );
}
