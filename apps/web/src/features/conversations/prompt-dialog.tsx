import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input } from '../../ui/form/input.tsx';
import type { Prompt } from './extras.ts';
import type { Chosen } from './types.ts';
import type { ExtrasState } from './use-extras.ts';

interface ArgumentFieldProps {
  prompt: Prompt;
  argument: Prompt['arguments'][number];
  chosen: Chosen;
  value: string;
  onChange: (value: string) => void;
}

/** An argument, with what its server suggests. */
function ArgumentField({ prompt, argument, chosen, value, onChange }: ArgumentFieldProps) {
  const trpc = useTRPC();
  const id = useId();
  const settled = useSettled(value);
  const suggested = useQuery(
    trpc.conversations.complete.queryOptions(
      { chosen, prompt: prompt.exposedName, argument: argument.name, value: settled },
      { trpc: alone, enabled: argument.name !== '', retry: false, placeholderData: (last) => last },
    ),
  );
  return (
    <Field label={argument.name} hint={argument.description} required={argument.required}>
      <Input list={id} value={value} onChange={(event) => onChange(event.target.value)} />
      <datalist id={id}>
        {suggested.data?.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
    </Field>
  );
}

/** What a prompt of a server wants to know before it is put into the message. */
export function PromptDialog({ prompt, chosen, extras }: { prompt: Prompt; chosen: Chosen; extras: ExtrasState }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Record<string, string>>({});
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  return (
    <FormDialog
      open
      onClose={extras.cancel}
      title={prompt.title ?? prompt.name}
      action={t('conversations.extras.insert')}
      busy={extras.isFilling}
      incomplete={prompt.arguments.some(({ name, required }) => required && filled[name] === undefined)}
      problem={null}
      onSubmit={() => extras.fill(prompt, filled)}
    >
      {prompt.description !== null && <p className="text-sm text-ink-2">{prompt.description}</p>}
      {prompt.arguments.map((argument) => (
        <ArgumentField
          key={argument.name}
          prompt={prompt}
          argument={argument}
          chosen={chosen}
          value={given[argument.name] ?? ''}
          onChange={(value) => setGiven({ ...given, [argument.name]: value })}
        />
      ))}
    </FormDialog>
  );
}
