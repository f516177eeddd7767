import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackDetails } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { useStackPage } from './stack-context.ts';
import { StackEditor } from './stack-editor.tsx';
import { useStackActions } from './use-stack-actions.ts';

function textOf({ content, env }: StackDetails) {
  return { content, env: env ?? '' };
}

/** The stack's files: what is kept, and what would be other. */
export function EditorTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { stack, busy, follow } = useStackPage();
  const actions = useStackActions(follow);
  const [text, setText] = useState(() => textOf(stack));
  const [valid, setValid] = useState(false);
  const kept = textOf(stack);
  const changed = text.content !== kept.content || text.env !== kept.env;
  const update = useMutation(
    trpc.stacks.update.mutationOptions({
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.stacks.get.queryKey({ id: stack.id }), next);
        setText(textOf(next));
      },
    }),
  );
  const reveal = useMutation(
    trpc.stacks.revealEnv.mutationOptions({
      onSuccess: ({ env }) => setText((old) => ({ ...old, env: env ?? '' })),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    }),
  );
  async function save(deploy: boolean) {
    try {
      const { content, env } = text;
      const next = changed ? await update.mutateAsync({ id: stack.id, content, env: env === '' ? null : env }) : stack;
      if (changed) toast.ok(t('common.saved'));
      if (deploy) actions.up(next);
    } catch {
      // The form says why.
    }
  }
  const failure = update.error ? toFailure(update.error) : null;
  const waits = busy || actions.busy || update.isPending;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void save(false);
      }}
    >
      {stack.changedOnDisk && (
        <Callout tone="warn" title={t('stacks.changedOnDisk')}>
          {t('stacks.changedOnDiskHint')}
        </Callout>
      )}
      <StackEditor
        id={stack.id}
        engine={stack.engine}
        text={text}
        onChange={setText}
        before={stack.content}
        onValid={setValid}
      />
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="button" look="primary" busy={waits} disabled={!valid} onClick={() => void save(true)}>
          {t(changed ? 'stacks.saveAndUp' : 'stacks.do.redeploy')}
        </Button>
        <Button type="submit" disabled={!valid || !changed || waits}>
          {t('stacks.saveOnly')}
        </Button>
        {changed && (
          <Button look="ghost" onClick={() => setText(kept)}>
            {t('common.undo')}
          </Button>
        )}
        {text.env.includes('***') && (
          <Button
            look="ghost"
            busy={reveal.isPending}
            icon={<Eye aria-hidden className="size-4" />}
            onClick={() => reveal.mutate({ id: stack.id })}
          >
            {t('stacks.reveal')}
          </Button>
        )}
      </div>
    </form>
  );
}
