import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { NameField } from './name-field.tsx';
import type { GraphItem } from './types.ts';
import { useNewGraph } from './use-new-graph.ts';

/** A graph of one's own that begins as another one is. */
export function CopyDialog({ graph, onClose }: { graph: GraphItem; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [name, setName] = useState(t('graphs.copy.of', { name: graph.name }).slice(0, 100));
  const stored = useQuery(trpc.graphs.get.queryOptions({ id: graph.id }));
  const { isPending, problem, save } = useNewGraph();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.copy.title', { name: graph.name })}
      action={t('graphs.copy.action')}
      busy={isPending}
      incomplete={name.trim() === '' || stored.data === undefined}
      problem={problem ?? (stored.error && toFailure(stored.error).message)}
      onSubmit={() => stored.data && save({ ...stored.data.config, name: name.trim() })}
    >
      <NameField value={name} onChange={setName} />
    </FormDialog>
  );
}
