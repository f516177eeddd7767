import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { ProblemList } from './problem-list.tsx';
import { PromptField } from './prompt-field.tsx';
import type { Check } from './use-check.ts';
import type { GraphDrawing } from './use-drawing.ts';

interface GraphFormProps {
  drawn: GraphDrawing;
  check: Check;
  disabled: boolean;
}

/** What belongs to a graph and to none of its nodes. */
export function GraphForm({ drawn, check, disabled }: GraphFormProps) {
  const { t } = useTranslation();
  const { about, nodes } = drawn.drawing;
  const names = nodes.map(({ node }) => node.name);
  const last = nodes.flatMap(({ node }) => (node.output_nodes.includes('end') ? [node.name] : []));
  return (
    <div className="flex flex-col gap-5">
      <ProblemList check={check} />
      <Field label={t('common.description')}>
        <Textarea
          rows={3}
          value={about.description}
          readOnly={disabled}
          onChange={(event) => drawn.about({ description: event.target.value })}
        />
      </Field>
      <PromptField
        label={t('graphs.endTemplate')}
        hint={t('graphs.endTemplateHint')}
        value={about.end_template}
        onChange={(text) => drawn.about({ end_template: text })}
        near={last}
        others={['start', ...names].filter((name) => !last.includes(name))}
        disabled={disabled}
      />
    </div>
  );
}
