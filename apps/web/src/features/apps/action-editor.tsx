import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, Textarea } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { hints, withHint, type ActionDraft } from './action-draft.ts';
import { ActionMenu } from './action-menu.tsx';
import type { PartProps } from './action-part.ts';
import { AnswersEditor } from './answers-editor.tsx';
import { CodeField } from './code-field.tsx';
import { ParametersEditor } from './parameters-editor.tsx';
import { TemplateHelp } from './template-help.tsx';
import type { ActionsDraft } from './use-actions-draft.ts';

function Names({ action, onChange, wrong }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Field required label={t('common.name')} error={wrong('name')} className="min-w-44 flex-1">
          <Input mono value={action.name} onChange={(event) => onChange({ name: event.target.value })} />
        </Field>
        <Field label={t('apps.displayName')} error={wrong('displayName')} className="min-w-44 flex-1">
          <Input value={action.displayName} onChange={(event) => onChange({ displayName: event.target.value })} />
        </Field>
      </div>
      <Field label={t('common.description')} hint={t('apps.action.descriptionHint')} error={wrong('description')}>
        <Textarea
          rows={2}
          value={action.description}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
    </>
  );
}

function Hints({ action, onChange }: PartProps) {
  const { t } = useTranslation();
  const set = hints.filter((hint) => action.annotations?.[hint] === true);
  return (
    <Choices
      inline
      legend={t('apps.action.hints')}
      hint={t('apps.action.hintsHint')}
      options={hints.map((value) => ({ value, label: t(`apps.action.hint.${value}`) }))}
      value={set}
      onChange={(chosen) => {
        const next = hints.reduce(
          (draft, hint) =>
            chosen.includes(hint) === set.includes(hint) ? draft : withHint(draft, hint, chosen.includes(hint)),
          action,
        );
        onChange({ annotations: next.annotations });
      }}
    />
  );
}

/** One action in full. */
export function ActionEditor({
  draft,
  action,
  disabled,
}: {
  draft: ActionsDraft;
  action: ActionDraft;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const part: PartProps = {
    action,
    disabled,
    onChange: (change) => draft.set({ ...action, ...change }),
    wrong: (field) => fieldMessage(draft.failure, `actions.${draft.at}.${field}`),
  };
  const { wrong, onChange } = part;
  return (
    <Card
      title={<span className="font-mono break-all">{action.name || t('apps.action.unnamed')}</span>}
      actions={!disabled && <ActionMenu draft={draft} action={action} />}
    >
      <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-6">
        <legend className="sr-only">{action.name}</legend>
        <Names {...part} />
        <ParametersEditor {...part} />
        <AnswersEditor
          answers={action.answers}
          onChange={(answers) => onChange({ answers })}
          wrong={wrong}
          disabled={disabled}
        />
        <CodeField
          label={t('apps.action.changes')}
          hint={<TemplateHelp text={t('apps.action.changesHint')} withAnswer />}
          note={t('apps.action.liquid')}
          value={action.changes}
          onChange={(changes) => onChange({ changes })}
          error={wrong('changes')}
          readOnly={disabled}
        />
        <Disclosure
          title={t('apps.action.further')}
          open={action.outputSchema !== '' || wrong('outputSchema') !== null}
        >
          <div className="flex flex-col gap-5 pt-2">
            <CodeField
              optional
              json="object"
              label={t('apps.action.outputSchema')}
              hint={t('apps.action.outputSchemaHint')}
              value={action.outputSchema}
              onChange={(outputSchema) => onChange({ outputSchema })}
              error={wrong('outputSchema')}
              readOnly={disabled}
            />
            <Hints {...part} />
          </div>
        </Disclosure>
      </fieldset>
    </Card>
  );
}
