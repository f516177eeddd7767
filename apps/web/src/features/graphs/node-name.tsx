import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { nameProblem } from './drawing.ts';
import type { NodeFormProps } from './node-form-props.ts';

/** The name of a node: it counts once it is a whole one, since what leads to the node goes by it. */
export function NodeName({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [last, setLast] = useState(node.name);
  if (last !== node.name) {
    setLast(node.name);
    setTyped(null);
  }
  const problem = typed === null ? null : nameProblem(drawn.drawing, nodeKey, typed.trim());
  function settle() {
    if (typed !== null && problem === null) drawn.rename(nodeKey, typed.trim());
    if (problem === null) setTyped(null);
  }
  return (
    <Field required label={t('common.name')} error={problem && t(`graphs.node.name.${problem}`)}>
      <Input
        maxLength={100}
        value={typed ?? node.name}
        readOnly={disabled}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle();
        }}
      />
    </Field>
  );
}
