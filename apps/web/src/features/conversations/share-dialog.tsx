import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Choices } from '../../ui/choices.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { Field } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Select } from '../../ui/input.tsx';
import type { Conversation } from './types.ts';

/** Who else may read a conversation. */
export function ShareDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { base } = useInstance();
  const [visibility, setVisibility] = useState(conversation.visibility);
  const [groups, setGroups] = useState<string[]>(conversation.groups);
  const known = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
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
      onSubmit={() => share.mutate({ id: conversation.id, visibility, groups })}
    >
      <Field label={t('conversations.share.who')} hint={t('conversations.share.hint')}>
        <Select
          value={visibility}
          onChange={({ target: { value } }) => setVisibility(value as Conversation['visibility'])}
        >
          <option value="private">{t('conversations.share.private')}</option>
          <option value="group">{t('conversations.share.group')}</option>
          <option value="everyone">{t('conversations.share.everyone')}</option>
        </Select>
      </Field>
      {visibility === 'group' && (
        <Choices
          legend={t('common.groups')}
          none={t('common.noGroups')}
          options={(known.data?.items ?? []).map(({ id, displayName }) => ({
            value: id,
            label: displayName,
            text: `${displayName} ${id}`,
          }))}
          value={groups}
          onChange={setGroups}
          error={fieldMessage(failure, 'groups')}
        />
      )}
      {visibility !== 'private' && (
        <div>
          <p className="mb-1 text-sm font-medium">{t('conversations.share.link')}</p>
          <CopyText text={`${base}/ui/chat/${conversation.id}`} />
        </div>
      )}
    </FormDialog>
  );
}
