import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { isTerminal } from './drawing.ts';
import { NamesField } from './names-field.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { NumberField } from './number-field.tsx';

const mostHandoffs = 1000;

function useNames({ drawn: { drawing }, nodeKey }: NodeFormProps) {
  const { t } = useTranslation();
  const keys = new Map(drawing.nodes.map(({ key, node }) => [node.name, key]));
  return {
    others: drawing.nodes.filter(({ key }) => key !== nodeKey).map(({ node }) => node.name),
    keyOf: (name: string) => keys.get(name) ?? name,
    nameOf: (name: string) => (isTerminal(name) ? t(`graphs.terminal.${name === 'start' ? 'start' : 'end'}`) : name),
  };
}

/** What leads to a node, and where it leads. */
export function NodeLinks(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  const { others, keyOf, nameOf } = useNames(props);
  return (
    <>
      <NamesField
        label={t('graphs.node.inputs')}
        hint={t('graphs.node.inputsHint')}
        value={node.input_nodes}
        options={['start', ...others]}
        nameOf={nameOf}
        onAdd={(name) => drawn.connect(keyOf(name), nodeKey)}
        onRemove={(name) => drawn.disconnect([{ from: keyOf(name), to: nodeKey }])}
        disabled={disabled}
      />
      <NamesField
        label={t('graphs.node.outputs')}
        hint={t('graphs.node.outputsHint')}
        value={node.output_nodes}
        options={[...others, 'end']}
        nameOf={nameOf}
        onAdd={(name) => drawn.connect(nodeKey, keyOf(name))}
        onRemove={(name) => drawn.disconnect([{ from: nodeKey, to: keyOf(name) }])}
        disabled={disabled}
      />
      <NumberField
        label={t('graphs.node.handoffs')}
        hint={t('graphs.node.handoffsHint')}
        least={0}
        most={mostHandoffs}
        value={node.handoffs}
        onChange={(handoffs) => drawn.change(nodeKey, { handoffs })}
        disabled={disabled}
      />
    </>
  );
}

const modes = ['all', 'latest', 'latest_n'] as const;

/** Outputs of nodes with global output that a node is told besides. */
export function NodeContext(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  const { nameOf } = useNames(props);
  const globals = drawn.drawing.nodes.flatMap(({ key, node: each }) =>
    key !== nodeKey && (each.global_output || each.is_subgraph) ? [each.name] : [],
  );
  const isCounted = /^\d+$/.test(node.context_mode);
  const mode = isCounted ? 'latest_n' : node.context_mode;
  const count = isCounted ? Number(node.context_mode) : node.context_n;
  function setCount(value: number) {
    drawn.change(nodeKey, { context_mode: 'latest_n', context_n: Math.min(999, Math.max(1, value || 1)) });
  }
  return (
    <>
      <NamesField
        label={t('graphs.node.context')}
        hint={t('graphs.node.contextHint')}
        value={node.context}
        options={['start', ...globals]}
        nameOf={nameOf}
        onAdd={(name) => drawn.change(nodeKey, { context: [...node.context, name] })}
        onRemove={(name) => drawn.change(nodeKey, { context: node.context.filter((each) => each !== name) })}
        disabled={disabled}
      />
      {node.context.length > 0 && (
        <div className="flex flex-wrap gap-4">
          <Field label={t('graphs.node.contextMode')} className="min-w-40 flex-1">
            <Select
              value={mode}
              disabled={disabled}
              onChange={({ target }) =>
                drawn.change(nodeKey, { context_mode: target.value, ...(isCounted && { context_n: count }) })
              }
            >
              {modes.map((each) => (
                <option key={each} value={each}>
                  {t(`graphs.node.mode.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
          {mode === 'latest_n' && (
            <Field label={t('graphs.node.contextCount')} className="w-24">
              <Input
                type="number"
                min={1}
                max={999}
                value={count}
                readOnly={disabled}
                onChange={({ target }) => setCount(Math.trunc(Number(target.value)))}
              />
            </Field>
          )}
        </div>
      )}
    </>
  );
}
