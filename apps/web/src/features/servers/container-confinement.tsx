import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Field } from '../../ui/field.tsx';
import { Input, Select } from '../../ui/input.tsx';
import { PairsEditor } from '../../ui/pairs-editor.tsx';
import { SwitchRow } from '../../ui/switch.tsx';
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
        label={t('container.network')}
        hint={t(`container.networkHint.${container.network}`)}
        error={fieldMessage(failure, 'container.network')}
      >
        <Select
          value={container.network}
          onChange={(event) => set({ network: networks.find((each) => each === event.target.value) ?? 'none' })}
        >
          {networks.map((each) => (
            <option key={each} value={each}>
              {t(`container.networkName.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      {container.network === 'allow' && (
        <Field
          label={t('container.hosts')}
          hint={t('container.hostsHint')}
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
        <Field label={t('container.networkOf')} error={fieldMessage(failure, 'container.network.name')}>
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
        <Field key={name} label={t(`container.${name}`)} error={fieldMessage(failure, `container.limits.${path}`)}>
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
      <Field label={t('container.user')} hint={t('container.userHint')} error={fieldMessage(failure, 'container.user')}>
        <Input
          mono
          value={container.user}
          placeholder="1000:1000"
          onChange={(event) => set({ user: event.target.value })}
        />
      </Field>
      <Field label={t('container.pull')}>
        <Select
          value={container.pull}
          onChange={(event) => set({ pull: pulls.find((each) => each === event.target.value) ?? 'missing' })}
        >
          {pulls.map((each) => (
            <option key={each} value={each}>
              {t(`container.pullName.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t('container.engine')}
        hint={t('container.engineHint')}
        error={fieldMessage(failure, 'container.engine')}
      >
        <Input mono value={container.engine} onChange={(event) => set({ engine: event.target.value })} />
      </Field>
      <Field
        label={t('container.entrypoint')}
        hint={t('container.entrypointHint')}
        error={fieldMessage(failure, 'container.entrypoint')}
      >
        <Input mono value={container.entrypoint} onChange={(event) => set({ entrypoint: event.target.value })} />
      </Field>
      <SwitchRow
        label={t('container.swarm')}
        hint={t('container.swarmHint')}
        checked={container.inSwarm}
        onChange={(inSwarm) => set({ inSwarm })}
      />
      {container.inSwarm && (
        <Field label={t('container.replicas')} error={fieldMessage(failure, 'container.swarm.replicas')}>
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
    <Disclosure boxed title={t('container.confinement')}>
      <div className="flex flex-col gap-5">
        <p className="text-xs text-ink-3">{t('container.confinementHint')}</p>
        <NetworkFields {...part} />
        <LimitFields {...part} />
        <PairsEditor
          legend={t('container.volumes')}
          hint={t('container.volumesHint')}
          error={fieldMessage(failure, 'container.volumes')}
          namePlaceholder="/srv/docs"
          pairs={container.volumes}
          onChange={(volumes) => set({ volumes })}
        />
        <SwitchRow
          label={t('container.readOnly')}
          hint={t('container.readOnlyHint')}
          checked={container.readOnly}
          onChange={(readOnly) => set({ readOnly })}
        />
        <PlacementFields {...part} />
      </div>
    </Disclosure>
  );
}
