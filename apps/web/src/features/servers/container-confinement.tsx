import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import type { ContainerDraft, NetworkChoice, PullChoice } from './container-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';

const networks: readonly NetworkChoice[] = ['none', 'allow', 'open', 'named'];
const pulls: readonly PullChoice[] = ['missing', 'always', 'never'];

interface PartProps {
  container: ContainerDraft;
  set: (change: Partial<ContainerDraft>) => void;
  failure: ServerFieldsProps['failure'];
}

export function NetworkFields({ container, set, failure }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('servers.container.network')}
        hint={t(`servers.container.networkHint.${container.network}`)}
        error={fieldMessage(failure, 'container.network')}
      >
        <Select
          value={container.network}
          onChange={(event) => set({ network: networks.find((each) => each === event.target.value) ?? 'none' })}
        >
          {networks.map((each) => (
            <option key={each} value={each}>
              {t(`servers.container.networkName.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      {container.network === 'allow' && (
        <Field
          label={t('servers.container.hosts')}
          hint={t('servers.container.hostsHint')}
          error={fieldMessage(failure, 'container.network.hosts') ?? fieldMessage(failure, 'container.network.hosts.0')}
        >
          <Input
            mono
            value={container.hosts}
            placeholder="api.example.com, *.example.org"
            onChange={(event) => set({ hosts: event.target.value })}
          />
        </Field>
      )}
      {container.network === 'named' && (
        <Field label={t('servers.container.networkOf')} error={fieldMessage(failure, 'container.network.name')}>
          <Input mono value={container.networkName} onChange={(event) => set({ networkName: event.target.value })} />
        </Field>
      )}
    </div>
  );
}

function LimitFields({ container, set, failure }: PartProps) {
  const { t } = useTranslation();
  const limits = [
    ['cpus', 'cpus', 0.1],
    ['memoryMb', 'memoryBytes', 64],
    ['pids', 'pids', 1],
  ] as const;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {limits.map(([name, path, step]) => (
        <Field
          key={name}
          label={t(`servers.container.limit.${name}`)}
          error={fieldMessage(failure, `container.limits.${path}`)}
        >
          <Input
            type="number"
            min={0}
            step={step}
            value={container[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}

function PlacementFields({ container, set, failure }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('servers.container.user')}
        hint={t('servers.container.userHint')}
        error={fieldMessage(failure, 'container.user')}
      >
        <Input
          mono
          value={container.user}
          placeholder="1000:1000"
          onChange={(event) => set({ user: event.target.value })}
        />
      </Field>
      <Field label={t('servers.container.pull')}>
        <Select
          value={container.pull}
          onChange={(event) => set({ pull: pulls.find((each) => each === event.target.value) ?? 'missing' })}
        >
          {pulls.map((each) => (
            <option key={each} value={each}>
              {t(`servers.container.pullName.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t('servers.container.engine')}
        hint={t('servers.container.engineHint')}
        error={fieldMessage(failure, 'container.engine')}
      >
        <Input mono value={container.engine} onChange={(event) => set({ engine: event.target.value })} />
      </Field>
      <Field
        label={t('servers.container.entrypoint')}
        hint={t('servers.container.entrypointHint')}
        error={fieldMessage(failure, 'container.entrypoint')}
      >
        <Input mono value={container.entrypoint} onChange={(event) => set({ entrypoint: event.target.value })} />
      </Field>
      <SwitchRow
        label={t('servers.container.swarm')}
        hint={t('servers.container.swarmHint')}
        checked={container.inSwarm}
        onChange={(inSwarm) => set({ inSwarm })}
      />
      {container.inSwarm && (
        <Field label={t('servers.container.replicas')} error={fieldMessage(failure, 'container.swarm.replicas')}>
          <Input
            type="number"
            min={1}
            max={100}
            value={container.replicas}
            onChange={(event) => set({ replicas: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

/** How far a server is closed in, and where it is placed. */
export function ContainerConfinement({ draft, onChange, failure }: ServerFieldsProps) {
  const { t } = useTranslation();
  const { container } = draft;
  function set(change: Partial<ContainerDraft>) {
    onChange({ ...draft, container: { ...container, ...change } });
  }
  const part = { container, set, failure };
  return (
    <Disclosure boxed title={t('servers.container.confinement')}>
      <div className="flex flex-col gap-5">
        <p className="text-xs text-ink-3">{t('servers.container.confinementHint')}</p>
        <NetworkFields {...part} />
        <LimitFields {...part} />
        <PairsEditor
          legend={t('servers.container.volumes')}
          hint={t('servers.container.volumesHint')}
          error={fieldMessage(failure, 'container.volumes')}
          namePlaceholder="/srv/docs"
          pairs={container.volumes}
          onChange={(volumes) => set({ volumes })}
        />
        <SwitchRow
          label={t('servers.container.readOnly')}
          hint={t('servers.container.readOnlyHint')}
          checked={container.readOnly}
          onChange={(readOnly) => set({ readOnly })}
        />
        <PlacementFields {...part} />
      </div>
    </Disclosure>
  );
}
