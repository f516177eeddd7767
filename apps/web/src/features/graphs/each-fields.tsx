import { useTranslation } from 'react-i18next';
import { Segmented } from '../../ui/form/segmented.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import type { GraphNode } from './drawing.ts';
import { GraphSelect } from './graph-select.tsx';
import { ModelSelect } from './model-select.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { NumberField } from './number-field.tsx';
import { PromptField } from './prompt-field.tsx';
import { namesFor } from './prompt-names.ts';
import { ToolFields } from './tool-fields.tsx';

type Each = NonNullable<GraphNode['each']>;
type Body = NonNullable<Each['body']>;

const mostItems = 1000;
const mostParallel = 16;

/** A list of a node that has none yet. */
export const emptyEach: Each = {
  most: 100,
  parallel: 4,
  on_item_error: 'fail',
  body: { kind: 'agent', model_name: '' },
};

function whatOf({ graph, body }: Each): 'model' | 'tool' | 'graph' {
  if (graph != null) return 'graph';
  return body?.kind === 'tool' ? 'tool' : 'model';
}

/** The list that a node goes through, and what is done with each item. */
export function EachFields(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  const each = node.each ?? emptyEach;
  const { near, others } = namesFor(props);
  const what = whatOf(each);
  function write(change: Partial<Each>) {
    drawn.change(nodeKey, { each: { ...each, ...change } });
  }
  function writeBody(change: Partial<Body>) {
    write({ body: { ...each.body, ...change } });
  }
  return (
    <>
      <PromptField
        label={t('graphs.each.items')}
        hint={t('graphs.each.itemsHint')}
        value={each.items ?? ''}
        onChange={(text) => write({ items: text === '' ? undefined : text })}
        near={near}
        others={others}
        disabled={disabled}
        rows={2}
      />
      {!disabled && (
        <Segmented
          label={t('graphs.each.what')}
          value={what}
          onChange={(next) =>
            write(
              next === 'graph'
                ? { graph: '', body: undefined }
                : { graph: undefined, body: { ...each.body, kind: next === 'tool' ? 'tool' : 'agent' } },
            )
          }
          options={[
            { value: 'model', label: t('graphs.node.ofModel') },
            { value: 'tool', label: t('graphs.node.ofTool') },
            { value: 'graph', label: t('graphs.node.ofGraph') },
          ]}
        />
      )}
      {what === 'graph' && (
        <GraphSelect value={each.graph ?? ''} onChange={(graph) => write({ graph })} disabled={disabled} />
      )}
      {what === 'tool' && (
        <ToolFields tool={each.body?.tool ?? null} onChange={(tool) => writeBody({ tool })} disabled={disabled} />
      )}
      {what === 'model' && (
        <>
          <ModelSelect
            value={each.body?.model_name ?? ''}
            onChange={(name) => writeBody({ model_name: name })}
            disabled={disabled}
          />
          <PromptField
            label={t('graphs.node.userPrompt')}
            hint={t('graphs.each.promptHint')}
            value={each.body?.user_prompt ?? ''}
            onChange={(text) => writeBody({ user_prompt: text })}
            near={['item', 'index', ...near]}
            others={others}
            disabled={disabled}
          />
        </>
      )}
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={t('graphs.each.most')}
          least={1}
          most={mostItems}
          value={each.most}
          onChange={(most) => write({ most })}
          disabled={disabled}
        />
        <NumberField
          label={t('graphs.each.parallel')}
          least={1}
          most={mostParallel}
          value={each.parallel}
          onChange={(parallel) => write({ parallel })}
          disabled={disabled}
        />
      </div>
      <SwitchRow
        label={t('graphs.each.keep')}
        hint={t('graphs.each.keepHint')}
        checked={each.on_item_error === 'null'}
        disabled={disabled}
        onChange={(keeps) => write({ on_item_error: keeps ? 'null' : 'fail' })}
      />
    </>
  );
}
