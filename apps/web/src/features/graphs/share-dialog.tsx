import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useGroupChoices } from '../../lib/use-group-choices.ts';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { SharingFields, type Sharing } from '../../ui/form/sharing-fields.tsx';
import type { GraphItem } from './types.ts';

/** Who else may look at a graph and run it. */
export function ShareDialog({ graph, onClose }: { graph: GraphItem; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const groups = useGroupChoices();
  const [sharing, setSharing] = useState<Sharing>({ visibility: graph.visibility, groups: graph.groups });
  const share = useMutation(
    trpc.graphs.share.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.graphs.pathFilter()),
    }),
  );
  const failure = share.error ? toFailure(share.error) : null;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.share.title', { name: graph.name })}
      action={t('common.save')}
      busy={share.isPending}
      problem={failure && failure.fields.length === 0 ? failure.message : null}
      onSubmit={() => share.mutate({ id: graph.id, ...sharing })}
    >
      <SharingFields
        label={t('graphs.share.who')}
        hint={t('graphs.share.hint')}
        names={{
          private: t('graphs.seenBy.private'),
          group: t('graphs.seenBy.group'),
          everyone: t('graphs.seenBy.everyone'),
        }}
        value={sharing}
        onChange={setSharing}
        groups={groups}
        wrong={(field) => fieldMessage(failure, field)}
      />
    </FormDialog>
  );
}
