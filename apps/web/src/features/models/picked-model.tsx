import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC, type Failure, type Inputs } from '../../lib/trpc.ts';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';

interface PickedModelProps {
  value: string;
  onChange: (value: string) => void;
  failure: Failure | null;
  /** Where the provider is, and with what it is asked. */
  asked: Inputs['models']['offered'];
  incomplete: boolean;
}

/** The provider's name of a model, typed or picked from what the provider offers. */
export function PickedModel({ value, onChange, failure, asked, incomplete }: PickedModelProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const listId = useId();
  const offered = useMutation(trpc.models.offered.mutationOptions());
  const refused = offered.data?.ok === false ? offered.data.message : null;
  const problem = refused ?? (offered.error ? toFailure(offered.error).message : null);
  const found = offered.data?.ok ? offered.data.models : [];
  return (
    <Field
      label={t('models.model')}
      hint={found.length > 0 ? t('models.found', { count: found.length }) : t('models.modelHint')}
      error={fieldMessage(failure, 'model') ?? problem}
    >
      <div className="flex gap-2">
        <Input mono list={listId} value={value} onChange={(event) => onChange(event.target.value)} />
        <Button disabled={incomplete} busy={offered.isPending} onClick={() => offered.mutate(asked)}>
          {t('models.listOffered')}
        </Button>
      </div>
      <datalist id={listId}>
        {found.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </datalist>
    </Field>
  );
}
