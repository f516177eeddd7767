import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { PairsEditor } from '../../ui/pairs-editor.tsx';
import { Segmented } from '../../ui/segmented.tsx';
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
        <span className="text-sm font-medium">{t('container.transport')}</span>
        <Segmented
          label={t('container.transport')}
          value={container.transport}
          onChange={(transport) => set({ transport })}
          options={[
            { value: 'stdio', label: t('container.overStdio') },
            { value: 'http', label: t('form.kindHttp') },
            { value: 'sse', label: t('form.kindSse') },
          ]}
        />
        <p className="text-xs text-ink-3">{t(`container.transportHint.${container.transport}`)}</p>
      </div>
      {container.transport !== 'stdio' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('container.port')} error={fieldMessage(failure, 'container.transport.port')}>
            <Input
              type="number"
              min={1}
              max={65_535}
              value={container.port}
              onChange={(event) => set({ port: event.target.value })}
            />
          </Field>
          <Field label={t('container.path')} error={fieldMessage(failure, 'container.transport.path')}>
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
        label={t('container.image')}
        required
        hint={t('container.imageHint')}
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
        <Field label={t('form.command')} hint={t('container.commandHint')} error={fieldMessage(failure, 'command')}>
          <Input mono value={draft.command} onChange={(event) => onChange({ ...draft, command: event.target.value })} />
        </Field>
        <Field label={t('form.args')} hint={t('form.argsHint')} error={fieldMessage(failure, 'args')}>
          <Input mono value={draft.args} onChange={(event) => onChange({ ...draft, args: event.target.value })} />
        </Field>
      </div>
      <TransportFields {...props} />
      <PairsEditor
        legend={t('form.env')}
        hint={t('container.envHint')}
        error={fieldMessage(failure, 'env')}
        namePlaceholder="LOG_LEVEL"
        pairs={draft.env}
        onChange={(env) => onChange({ ...draft, env })}
        onReveal={onReveal && ((name) => onReveal('env', name))}
      />
      <PairsEditor
        legend={t('container.secrets')}
        hint={t('container.secretsHint')}
        error={fieldMessage(failure, 'secrets')}
        namePlaceholder="API_TOKEN"
        pairs={draft.secrets}
        onChange={(secrets) => onChange({ ...draft, secrets })}
        onReveal={onReveal && ((name) => onReveal('secrets', name))}
      />
      {container.transport !== 'stdio' && (
        <PairsEditor
          legend={t('form.headers')}
          hint={t('form.headersHint')}
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
