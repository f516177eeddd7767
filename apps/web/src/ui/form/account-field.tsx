import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTRPC } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

interface AccountFieldProps {
  label: string;
  placeholder?: string;
  /** Name of an account; what is typed is searched for. */
  value: string;
  onChange: (username: string) => void;
  /** Ids of accounts that are no choice. */
  without: ReadonlySet<string>;
}

/** Finds an account by its name. */
export function AccountField({ label, placeholder, value, onChange, without }: AccountFieldProps) {
  const trpc = useTRPC();
  const listId = useId();
  const search = useSettled(value);
  const found = useQuery(trpc.users.find.queryOptions({ search }, { placeholderData: keepPreviousData }));
  return (
    <>
      <Field label={label} className="min-w-48 flex-1">
        <Input
          required
          list={listId}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      <datalist id={listId}>
        {found.data
          ?.filter(({ id }) => !without.has(id))
          .map((user) => (
            <option key={user.id} value={user.username}>
              {user.fullName ?? ''}
            </option>
          ))}
      </datalist>
    </>
  );
}
