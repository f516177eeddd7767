import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { AttemptsFields } from './attempts-fields.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { NodeContext, NodeLinks } from './node-links.tsx';
import { NodeName } from './node-name.tsx';
import { NodeWork } from './node-work.tsx';
import { ProblemList } from './problem-list.tsx';
import type { Check } from './use-check.ts';

/** All of one node. */
export function NodeForm({ check, ...props }: NodeFormProps & { check: Check }) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-5">
      <ProblemList check={check} of={node.name} />
      <NodeName {...props} />
      <Field label={t('common.description')} hint={t('graphs.node.descriptionHint')}>
        <Textarea
          rows={2}
          value={node.description}
          readOnly={disabled}
          onChange={(event) => drawn.change(nodeKey, { description: event.target.value })}
        />
      </Field>
      <NodeWork {...props} />
      <NodeLinks {...props} />
      {!node.is_subgraph && node.kind !== 'human' && node.kind !== 'condition' && (
        <Disclosure
          title={t('graphs.attempts.title')}
          open={node.attempts != null || node.on_error != null || node.output_schema != null}
        >
          <div className="flex flex-col gap-5 pt-2">
            <AttemptsFields {...props} />
          </div>
        </Disclosure>
      )}
      {!node.is_subgraph && (
        <Disclosure
          title={t('graphs.node.further')}
          open={node.context.length > 0 || node.global_output || !node.output_enabled}
        >
          <div className="flex flex-col gap-5 pt-2">
            <SwitchRow
              label={t('graphs.node.global')}
              hint={t('graphs.node.globalHint')}
              checked={node.global_output}
              disabled={disabled}
              onChange={(isGlobal) => drawn.change(nodeKey, { global_output: isGlobal })}
            />
            <SwitchRow
              label={t('graphs.node.output')}
              hint={t('graphs.node.outputHint')}
              checked={node.output_enabled}
              disabled={disabled}
              onChange={(isEnabled) => drawn.change(nodeKey, { output_enabled: isEnabled })}
            />
            <NodeContext {...props} />
          </div>
        </Disclosure>
      )}
    </div>
  );
}
