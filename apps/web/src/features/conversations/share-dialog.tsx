import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useGroupChoices } from '../../lib/use-group-choices.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { SharingFields, type Sharing } from '../../ui/form/sharing-fields.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import type { Conversation } from './types.ts';

/** Who else may read a conversation. */
export function ShareDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { base } = useInstance();
  const [sharing, setSharing] = useState<Sharing>({
    visibility: conversation.visibility,
    groups: conversation.groups,
  });
  const groups = useGroupChoices();
  const share = useMutation(
    trpc.conversations.share.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.conversations.pathFilter()),
    }),
  );
  const failure = share.error ? toFailure(share.error) : null;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('conversations.do.share')}
      action={t('common.save')}
      busy={share.isPending}
      problem={failure && failure.fields.length === 0 ? failure.message : null}
      onSubmit={() => share.mutate({ id: conversation.id, ...sharing })}
    >
      <SharingFields
        label={t('conversations.share.who')}
        hint={t('conversations.share.hint')}
        names={{
          private: t('conversations.share.private'),
          group: t('conversations.share.group'),
          everyone: t('conversations.share.everyone'),
        }}
        value={sharing}
        onChange={setSharing}
        groups={groups}
        wrong={(field) => fieldMessage(failure, field)}
      />
      {sharing.visibility !== 'private' && (
        <div>
          <p className="mb-1 text-sm font-medium">{t('conversations.share.link')}</p>
          <CopyText text={`${base}/ui/chat/${conversation.id}`} />
        </div>
      )}
    </FormDialog>
  );
}
