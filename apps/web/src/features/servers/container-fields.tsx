import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { ContainerConfinement } from './container-confinement.tsx';
import type { ContainerDraft } from './container-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';

function TransportFields({ draft, onChange, failure }: ServerFieldsProps) {
  const { t } = useTranslation();
  const { container } = draft;
  function set(change: Partial<ContainerDraft>) {
    onChange({ ...draft, container: { ...container, ...change } });
  }
  return (
    <>
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">{t('servers.container.transport')}</span>
        <Segmented
          label={t('servers.container.transport')}
          value={container.transport}
          onChange={(transport) => set({ transport })}
          options={[
            { value: 'stdio', label: t('servers.container.overStdio') },
            { value: 'http', label: t('servers.form.kindHttp') },
            { value: 'sse', label: t('servers.form.kindSse') },
          ]}
        />
        <p className="text-xs text-ink-3">{t(`servers.container.transportHint.${container.transport}`)}</p>
      </div>
      {container.transport !== 'stdio' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('servers.container.port')} error={fieldMessage(failure, 'container.transport.port')}>
            <Input
              type="number"
              min={1}
              max={65_535}
              value={container.port}
              onChange={(event) => set({ port: event.target.value })}
            />
          </Field>
          <Field label={t('servers.container.path')} error={fieldMessage(failure, 'container.transport.path')}>
            <Input mono value={container.path} onChange={(event) => set({ path: event.target.value })} />
          </Field>
        </div>
      )}
    </>
  );
}

/** What a server in a container is made of, and what of the world it sees. */
export function ContainerFields(props: ServerFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure, onReveal } = props;
  const { container } = draft;
  function set(change: Partial<ContainerDraft>) {
    onChange({ ...draft, container: { ...container, ...change } });
  }
  return (
    <>
      <Field
        label={t('servers.container.image')}
        required
        hint={t('servers.container.imageHint')}
        error={fieldMessage(failure, 'container.image') ?? fieldMessage(failure, 'container')}
      >
        <Input
          mono
          value={container.image}
          placeholder="ghcr.io/acme/mcp-server:1"
          onChange={(event) => set({ image: event.target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Field
          label={t('servers.form.command')}
          hint={t('servers.container.commandHint')}
          error={fieldMessage(failure, 'command')}
        >
          <Input mono value={draft.command} onChange={(event) => onChange({ ...draft, command: event.target.value })} />
        </Field>
        <Field label={t('servers.form.args')} hint={t('servers.form.argsHint')} error={fieldMessage(failure, 'args')}>
          <Input mono value={draft.args} onChange={(event) => onChange({ ...draft, args: event.target.value })} />
        </Field>
      </div>
      <TransportFields {...props} />
      <PairsEditor
        legend={t('servers.form.env')}
        hint={t('servers.container.envHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="LOG_LEVEL"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
      <PairsEditor
        legend={t('servers.container.secrets')}
        hint={t('servers.container.secretsHint')}
        error={fieldMessage(failure, 'secrets')}
        namePlaceholder="API_TOKEN"
        pairs={draft.secrets}
        onChange={(secrets) => onChange({ ...draft, secrets })}
        onReveal={onReveal && ((name) => onReveal('secrets', name))}
      />
      {container.transport !== 'stdio' && (
        <PairsEditor
          legend={t('servers.form.headers')}
          hint={t('servers.form.headersHint')}
          error={fieldMessage(failure, 'headers')}
          namePlaceholder="Authorization"
          pairs={draft.headers}
          onChange={(headers) => onChange({ ...draft, headers })}
          onReveal={onReveal && ((name) => onReveal('headers', name))}
        />
      )}
      <ContainerConfinement draft={draft} onChange={onChange} failure={failure} />
    </>
  );
}
