import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stack } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { CodeEditor } from '../../ui/editor/code-editor.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';

/** Keeps a project that was started without the hub. Where its file cannot be read, the person gives it. */
export function AdoptDialog({ stack, onClose }: { stack: Stack | null; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [content, setContent] = useState<string | null>(null);
  function close() {
    adopt.reset();
    setContent(null);
    onClose();
  }
  const adopt = useMutation(
    trpc.stacks.adopt.mutationOptions({
      onSuccess: async ({ id, project }) => {
        toast.ok(t('stacks.adopted', { name: project }));
        close();
        await queryClient.invalidateQueries(trpc.stacks.list.pathFilter());
        await navigate({ to: '/stacks/$id', params: { id } });
      },
      onError: (error) => {
        if (toFailure(error).fields.some(({ field }) => field === 'content')) setContent((old) => old ?? '');
      },
    }),
  );
  const failure = adopt.error ? toFailure(adopt.error) : null;
  const asked = content !== null;
  return (
    <Dialog
      open={stack !== null}
      onClose={close}
      title={t('stacks.adoptTitle', { name: stack?.project ?? '' })}
      shape={asked ? 'right' : 'center'}
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            busy={adopt.isPending}
            disabled={content?.trim() === ''}
            onClick={() =>
              stack &&
              adopt.mutate({
                engine: stack.engine,
                project: stack.project,
                ...(content === null ? {} : { content }),
              })
            }
          >
            {t('stacks.adopt')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">{t('stacks.adoptBody')}</p>
        {failure && (
          <Callout alert tone={asked ? 'info' : 'bad'} title={t(asked ? 'stacks.adoptContent' : 'common.refused')}>
            {failure.message}
          </Callout>
        )}
        {asked && <CodeEditor label={t('stacks.file')} value={content} onChange={setContent} />}
      </div>
    </Dialog>
  );
}
