import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play, RotateCcw } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { initial, isSchema, resolve } from '../../ui/schema-form/schema.ts';
import { validate, type Problems } from '../../ui/schema-form/validate.ts';
import { argumentsSchema } from './action-draft.ts';
import { useApp } from './app-context.ts';
import { TryResult } from './try-result.tsx';
import type { Action, GivenAction } from './types.ts';

const nothingWrong: Problems = new Map();

function useTrial(action: Action, draft: GivenAction | undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const app = useApp();
  const [tokenId, setTokenId] = useState('');
  const [afresh, setAfresh] = useState(false);
  const run = useMutation(
    trpc.apps.try.mutationOptions({
      onSuccess: async () => {
        setAfresh(false);
        await queryClient.invalidateQueries(trpc.apps.state.pathFilter());
      },
    }),
  );
  const reset = useMutation(
    trpc.apps.state.set.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.apps.state.pathFilter()),
    }),
  );
  return {
    tokenId,
    chooseToken: setTokenId,
    run,
    error: run.error ?? reset.error,
    wasReset: afresh || reset.isSuccess,
    call(args: Record<string, unknown>) {
      reset.reset();
      const scope = tokenId === '' ? { afresh } : { tokenId };
      run.mutate({ id: app.id, action: action.name, arguments: args, ...scope, ...(draft && { draft }) });
    },
    startAgain() {
      run.reset();
      if (tokenId === '') setAfresh(true);
      else reset.mutate({ id: tokenId, state: null });
    },
  };
}

function Whose({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const tokens = useQuery(trpc.apps.tokens.list.queryOptions());
  return (
    <Field label={t('apps.try.whose')} hint={t(value === '' ? 'apps.try.ownHint' : 'apps.try.tokenHint')}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('apps.try.own')}</option>
        {tokens.data?.map(({ id, description, shown }) => (
          <option key={id} value={id}>
            {description === '' ? shown : `${description} (${shown})`}
          </option>
        ))}
      </Select>
    </Field>
  );
}

interface TryPanelProps {
  action: Action;
  /** What the editor has, where it is other than what is saved. */
  draft?: GivenAction | undefined;
}

/** Calls an action as a program would: as it is saved, or as it would be. */
export function TryPanel({ action, draft }: TryPanelProps) {
  const { t } = useTranslation();
  const schema = useMemo(() => argumentsSchema(action), [action]);
  const [value, setValue] = useState<unknown>(() => initial(resolve(schema, schema), schema, true) ?? {});
  const [problems, setProblems] = useState(nothingWrong);
  const [broken, setBroken] = useState(false);
  const trial = useTrial(action, draft);
  function submit(event: FormEvent) {
    event.preventDefault();
    const found = validate(resolve(schema, schema), schema, value);
    setProblems(found);
    if (found.size === 0) trial.call(isSchema(value) ? value : {});
  }
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {draft && <Callout title={t('apps.try.unsaved')} />}
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <SchemaForm
          schema={schema}
          value={value}
          onChange={(next) => {
            setValue(next);
            if (problems.size > 0) setProblems(validate(resolve(schema, schema), schema, next));
          }}
          problems={problems}
          onBroken={setBroken}
        />
        <Whose value={trial.tokenId} onChange={trial.chooseToken} />
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            look="primary"
            busy={trial.run.isPending}
            disabled={broken}
            icon={<Play aria-hidden className="size-4" />}
          >
            {t('apps.try.run')}
          </Button>
          {problems.size > 0 && (
            <Button onClick={() => trial.call(isSchema(value) ? value : {})}>{t('apps.try.anyway')}</Button>
          )}
          <Button look="ghost" icon={<RotateCcw aria-hidden className="size-4" />} onClick={trial.startAgain}>
            {t('apps.try.reset')}
          </Button>
        </div>
        {trial.wasReset && (
          <p role="status" className="text-sm text-ink-3">
            {t('apps.try.wasReset')}
          </p>
        )}
      </form>
      {trial.error && <Callout alert tone="bad" title={toFailure(trial.error).message} />}
      {trial.run.data && <TryResult tried={trial.run.data} />}
    </div>
  );
}
