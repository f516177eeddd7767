import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input } from '../../ui/form/input.tsx';
import type { Conversation } from './types.ts';

/** The title and the tags of a conversation. */
export function DetailsDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState(conversation.title);
  const [tags, setTags] = useState(conversation.tags.join(', '));
  const update = useMutation(
    trpc.conversations.update.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.conversations.pathFilter()),
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  function save() {
    const given = tags
      .split(/[,，]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    const patch = { tags: given, ...(title.trim() !== conversation.title && { title }) };
    update.mutate({ id: conversation.id, patch });
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('conversations.do.details')}
      action={t('common.saveChanges')}
      busy={update.isPending}
      problem={failure && failure.fields.length === 0 ? failure.message : null}
      onSubmit={save}
    >
      <Field label={t('conversations.titleField')} error={fieldMessage(failure, 'title')}>
        <Input data-autofocus value={title} onChange={(event) => setTitle(event.target.value)} />
      </Field>
      <Field label={t('conversations.tags')} hint={t('conversations.tagsHint')} error={fieldMessage(failure, 'tags')}>
        <Input value={tags} onChange={(event) => setTags(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
