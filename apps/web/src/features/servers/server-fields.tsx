import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/field.tsx';
import { Input, Textarea } from '../../ui/input.tsx';
import { PairsEditor } from '../../ui/pairs-editor.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ContainerFields } from './container-fields.tsx';
import { spreadCommand, suggestName } from './server-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';

function ProcessFields({ draft, onChange, failure, onReveal }: ServerFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Field label={t('form.command')} required hint={t('form.commandHint')} error={fieldMessage(failure, 'command')}>
          <Input
            mono
            value={draft.command}
            placeholder="npx"
            onChange={(event) => onChange({ ...draft, command: event.target.value })}
            onBlur={() => onChange(spreadCommand(draft))}
          />
        </Field>
        <Field label={t('form.args')} hint={t('form.argsHint')} error={fieldMessage(failure, 'args')}>
          <Input
            mono
            value={draft.args}
            placeholder="-y @modelcontextprotocol/server-memory"
            onChange={(event) => onChange({ ...draft, args: event.target.value })}
          />
        </Field>
      </div>
      <PairsEditor
        legend={t('form.env')}
        hint={t('form.envHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="API_TOKEN"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
      <Field label={t('form.cwd')} hint={t('form.cwdHint')} error={fieldMessage(failure, 'cwd')}>
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

function RemoteFields({ draft, onChange, failure, onReveal }: ServerFieldsProps) {
  const { t } = useTranslation();
  const placeholder = draft.kind === 'sse' ? 'https://mcp.example.com/sse' : 'https://mcp.example.com/mcp';
  return (
    <>
      <Field label={t('form.url')} required hint={t('form.urlHint')} error={fieldMessage(failure, 'url')}>
        <Input
          mono
          type="url"
          value={draft.url}
          placeholder={placeholder}
          onChange={(event) => onChange({ ...draft, url: event.target.value })}
        />
      </Field>
      <PairsEditor
        legend={t('form.headers')}
        hint={t('form.headersHint')}
        error={fieldMessage(failure, 'headers')}
        namePlaceholder="Authorization"
        pairs={draft.headers}
        onChange={(headers) => onChange({ ...draft, headers })}
        onReveal={onReveal && ((name) => onReveal('headers', name))}
      />
      <PairsEditor
        legend={t('form.variables')}
        hint={t('form.variablesHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="HTTPS_PROXY"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
    </>
  );
}

function LaunchFields(props: ServerFieldsProps) {
  switch (props.draft.kind) {
    case 'stdio':
      return <ProcessFields {...props} />;
    case 'container':
      return <ContainerFields {...props} />;
    default:
      return <RemoteFields {...props} />;
  }
}

/** What a server is and how it is reached. */
export function ServerFields(props: ServerFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure } = props;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">{t('form.kind')}</span>
        <Segmented
          label={t('form.kind')}
          value={draft.kind}
          onChange={(kind) => onChange({ ...draft, kind })}
          options={[
            { value: 'stdio', label: t('form.kindStdio') },
            { value: 'streamable-http', label: t('form.kindHttp') },
            { value: 'sse', label: t('form.kindSse') },
            { value: 'container', label: t('form.kindContainer') },
          ]}
        />
        <p className="text-xs text-ink-3">{t(`form.kindHint.${draft.kind}`)}</p>
      </div>
      <LaunchFields {...props} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('form.name')}
          hint={t('form.nameHint')}
          error={fieldMessage(failure, 'name') ?? fieldMessage(failure, 'id')}
        >
          <Input
            value={draft.name}
            placeholder={suggestName(draft)}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        </Field>
        <Field label={t('form.tags')} hint={t('form.tagsHint')} error={fieldMessage(failure, 'tags')}>
          <Input value={draft.tags} onChange={(event) => onChange({ ...draft, tags: event.target.value })} />
        </Field>
      </div>
      <Field label={t('form.description')} error={fieldMessage(failure, 'description')}>
        <Textarea
          rows={2}
          value={draft.description}
          onChange={(event) => onChange({ ...draft, description: event.target.value })}
        />
      </Field>
    </div>
  );
}
