import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { useGraph } from './graph-context.ts';

interface GraphSelectProps {
  hint?: string;
  value: string;
  onChange: (name: string) => void;
  disabled: boolean;
}

/** Another graph that the person may run. */
export function GraphSelect({ hint, value, onChange, disabled }: GraphSelectProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id: own } = useGraph();
  const graphs = useQuery(trpc.graphs.list.queryOptions());
  const others = (graphs.data ?? []).filter(({ id, can }) => id !== own && can.use);
  const isKnown = others.some(({ name }) => name === value);
  return (
    <Field required label={t('graphs.node.subgraph')} hint={hint}>
      <Select value={value} disabled={disabled} onChange={({ target }) => onChange(target.value)}>
        {!isKnown && (
          <option value={value}>
            {value === '' ? t('graphs.node.chooseGraph') : t('graphs.node.away', { name: value })}
          </option>
        )}
        {others.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
