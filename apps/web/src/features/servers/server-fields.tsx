import type { ParseKeys } from 'i18next';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Textarea } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { ContainerFields } from './container-fields.tsx';
import { textLines } from './draft-fields.ts';
import { spreadCommand, type Kind } from './server-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';
import { AppFields, GeneratedFields, GraphFields } from './shown-fields.tsx';
import { SignInFields } from './sign-in-fields.tsx';
import { SlotFields } from './slot-fields.tsx';
import { suggestName } from './suggest-name.ts';

function ProcessFields({ draft, onChange, failure, onReveal }: ServerFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Field
          label={t('servers.form.command')}
          required
          hint={t('servers.form.commandHint')}
          error={fieldMessage(failure, 'command')}
        >
          <Input
            mono
            value={draft.command}
            placeholder="npx"
            onChange={(event) => onChange({ ...draft, command: event.target.value })}
            onBlur={() => onChange(spreadCommand(draft))}
          />
        </Field>
        <Field label={t('servers.form.args')} hint={t('servers.form.argsHint')} error={fieldMessage(failure, 'args')}>
          <Input
            mono
            value={draft.args}
            placeholder="-y @modelcontextprotocol/server-memory"
            onChange={(event) => onChange({ ...draft, args: event.target.value })}
          />
        </Field>
      </div>
      <PairsEditor
        legend={t('servers.form.env')}
        hint={t('servers.form.envHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="API_TOKEN"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
      <Field label={t('servers.form.cwd')} hint={t('servers.form.cwdHint')} error={fieldMessage(failure, 'cwd')}>
        <Input
          mono
          value={draft.cwd}
          placeholder="/srv/data"
          onChange={(event) => onChange({ ...draft, cwd: event.target.value })}
        />
      </Field>
    </>
  );
}

function RemoteFields(props: ServerFieldsProps) {
  const { draft, onChange, failure, onReveal } = props;
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t('servers.form.url')}
        required
        hint={t('servers.form.urlHint')}
        error={fieldMessage(failure, 'url')}
      >
        <Input
          mono
          type="url"
          value={draft.url}
          placeholder={kindForms[draft.kind].placeholder}
          onChange={(event) => onChange({ ...draft, url: event.target.value })}
        />
      </Field>
      <PairsEditor
        legend={t('servers.form.headers')}
        hint={t('servers.form.headersHint')}
        error={fieldMessage(failure, 'headers')}
        namePlaceholder="Authorization"
        pairs={draft.headers}
        onChange={(headers) => onChange({ ...draft, headers })}
        onReveal={onReveal && ((name) => onReveal('headers', name))}
      />
      <PairsEditor
        legend={t('servers.form.variables')}
        hint={t('servers.form.variablesHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="HTTPS_PROXY"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
      <SignInFields {...props} />
    </>
  );
}

interface KindForm {
  label: ParseKeys;
  /** Of its address. */
  placeholder?: string;
  Fields: ComponentType<ServerFieldsProps>;
}

/** How each kind is filled in, in the order in which they are offered. */
const kindForms: Readonly<Record<Kind, KindForm>> = {
  stdio: { label: 'servers.form.kindStdio', Fields: ProcessFields },
  'streamable-http': {
    label: 'servers.form.kindHttp',
    placeholder: 'https://mcp.example.com/mcp',
    Fields: RemoteFields,
  },
  sse: { label: 'servers.form.kindSse', placeholder: 'https://mcp.example.com/sse', Fields: RemoteFields },
  container: { label: 'servers.form.kindContainer', Fields: ContainerFields },
  app: { label: 'servers.form.kindApp', Fields: AppFields },
  generated: { label: 'servers.form.kindGenerated', Fields: GeneratedFields },
  graph: { label: 'servers.form.kindGraph', Fields: GraphFields },
};
const kindNames = Object.keys(kindForms) as Kind[];

/** Kinds that are made elsewhere: they become nothing else, and nothing becomes one of them. */
const apart: readonly Kind[] = ['app', 'generated', 'graph'];
function offeredKinds(kind: Kind): Kind[] {
  return apart.includes(kind) ? [kind] : kindNames.filter((name) => !apart.includes(name));
}

/** What a server is and how it is reached. */
export function ServerFields(props: ServerFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure } = props;
  const { Fields } = kindForms[draft.kind];
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">{t('servers.form.kind')}</span>
        <Segmented
          label={t('servers.form.kind')}
          value={draft.kind}
          onChange={(kind) => onChange({ ...draft, kind })}
          options={offeredKinds(draft.kind).map((value) => ({ value, label: t(kindForms[value].label) }))}
        />
        <p className="text-xs text-ink-3">{t(`servers.form.kindHint.${draft.kind}`)}</p>
      </div>
      <Fields {...props} />
      <SlotFields draft={draft} onChange={onChange} failure={failure} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('servers.form.name')}
          hint={t('common.idHint')}
          error={fieldMessage(failure, 'name') ?? fieldMessage(failure, 'id')}
        >
          <Input
            value={draft.name}
            placeholder={suggestName(draft)}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        </Field>
        <Field label={t('servers.form.tags')} hint={t('servers.form.tagsHint')} error={fieldMessage(failure, 'tags')}>
          <Input value={draft.tags} onChange={(event) => onChange({ ...draft, tags: event.target.value })} />
        </Field>
      </div>
      <Field label={t('common.description')} error={fieldMessage(failure, 'description')}>
        <Textarea
          rows={2}
          value={draft.description}
          onChange={(event) => onChange({ ...draft, description: event.target.value })}
        />
      </Field>
      {textLines.map(({ name, label, hint, placeholder, type }) => (
        <Field key={name} label={t(label)} hint={t(hint)} error={fieldMessage(failure, name)}>
          <Input
            type={type}
            value={draft[name]}
            placeholder={placeholder}
            onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}
