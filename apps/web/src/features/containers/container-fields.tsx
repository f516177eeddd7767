import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import type { ContainerDraft } from './container-draft.ts';
import { LimitFields, RestartField } from './limit-fields.tsx';
import { PairRows } from './pair-rows.tsx';

interface ContainerFieldsProps {
  draft: ContainerDraft;
  onChange: (draft: ContainerDraft) => void;
  failure: Failure | null;
}

function ImageField({ draft, onChange, failure }: ContainerFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const listId = useId();
  const images = useQuery(trpc.images.list.queryOptions({ engine }));
  return (
    <Field required label={t('container.image')} hint={t('container.imageHint')} error={fieldMessage(failure, 'image')}>
      <Input
        mono
        list={listId}
        placeholder="nginx:1.29"
        value={draft.image}
        onChange={(event) => onChange({ ...draft, image: event.target.value })}
      />
      <datalist id={listId}>
        {[...new Set((images.data ?? []).flatMap(({ tags }) => tags))].map((tag) => (
          <option key={tag} value={tag}>
            {tag}
          </option>
        ))}
      </datalist>
    </Field>
  );
}

function NetworkField({ draft, onChange }: ContainerFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const networks = useQuery(trpc.networks.list.queryOptions({ engine }));
  return (
    <Field label={t('containers.network')}>
      <Select value={draft.network} onChange={(event) => onChange({ ...draft, network: event.target.value })}>
        <option value="">{t('containers.usualNetwork')}</option>
        {(networks.data ?? []).map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Reach({ draft, onChange }: ContainerFieldsProps) {
  const { t } = useTranslation();
  return (
    <Disclosure boxed title={t('containers.powers')}>
      <div className="flex flex-col gap-4">
        <p className="text-sm text-ink-3">{t('containers.powersHint')}</p>
        <SwitchRow
          label={t('containers.privileged')}
          hint={t('containers.privilegedHint')}
          checked={draft.privileged}
          onChange={(privileged) => onChange({ ...draft, privileged })}
        />
        <Field label={t('containers.capabilities')} hint={t('containers.capabilitiesHint')}>
          <Input mono value={draft.capAdd} onChange={(event) => onChange({ ...draft, capAdd: event.target.value })} />
        </Field>
      </div>
    </Disclosure>
  );
}

/** Everything that can be said of a new container; little of it has to be. */
export function ContainerFields(props: ContainerFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure } = props;
  function set(key: 'name' | 'command' | 'user' | 'workingDir' | 'pull') {
    return {
      value: draft[key],
      onChange: (event: { target: { value: string } }) => onChange({ ...draft, [key]: event.target.value }),
    };
  }
  return (
    <div className="flex flex-col gap-4">
      <Card title={t('containers.what')}>
        <div className="flex flex-col gap-5">
          <ImageField {...props} />
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label={t('common.name')}
              note={t('common.optional')}
              hint={t('containers.nameHint')}
              error={fieldMessage(failure, 'name')}
            >
              <Input mono {...set('name')} />
            </Field>
            <Field
              label={t('containers.command')}
              note={t('common.optional')}
              hint={t('containers.commandHint')}
              error={fieldMessage(failure, 'command')}
            >
              <Input mono {...set('command')} />
            </Field>
          </div>
          <PairsEditor
            legend={t('containers.environment')}
            namePlaceholder="NAME"
            error={fieldMessage(failure, 'environment')}
            pairs={draft.environment}
            onChange={(environment) => onChange({ ...draft, environment })}
          />
        </div>
      </Card>
      <Card title={t('containers.reach')}>
        <div className="grid gap-6 lg:grid-cols-2">
          <PairRows
            legend={t('containers.ports')}
            hint={t('containers.portsHint')}
            left={{ label: t('containers.hostPort'), placeholder: '8080' }}
            right={{ label: t('container.port'), placeholder: '80' }}
            add={t('containers.addPort')}
            pairs={draft.ports}
            onChange={(ports) => onChange({ ...draft, ports })}
          />
          <PairRows
            legend={t('containers.mounts')}
            hint={t('containers.volumesHint')}
            left={{ label: t('containers.volumeSource'), placeholder: 'data' }}
            right={{ label: t('containers.volumeTarget'), placeholder: '/data' }}
            add={t('containers.addVolume')}
            pairs={draft.volumes}
            onChange={(volumes) => onChange({ ...draft, volumes })}
          />
          <NetworkField {...props} />
          <RestartField value={draft.restart} onChange={(restart) => onChange({ ...draft, restart })} />
        </div>
      </Card>
      <Card title={t('containers.limits')}>
        <LimitFields limits={draft.limits} onChange={(limits) => onChange({ ...draft, limits })} failure={failure} />
      </Card>
      <Disclosure boxed title={t('containers.more')}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={t('containers.user')} note={t('common.optional')} error={fieldMessage(failure, 'user')}>
            <Input mono placeholder="1000:1000" {...set('user')} />
          </Field>
          <Field label={t('containers.workingDir')} note={t('common.optional')}>
            <Input mono placeholder="/app" {...set('workingDir')} />
          </Field>
          <Field label={t('containers.pull')}>
            <Select {...set('pull')}>
              {(['missing', 'always', 'never'] as const).map((each) => (
                <option key={each} value={each}>
                  {t(`containers.pullPolicy.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
          <div className="sm:col-span-2">
            <PairsEditor
              legend={t('common.labels')}
              namePlaceholder="com.example.label"
              pairs={draft.labels}
              onChange={(labels) => onChange({ ...draft, labels })}
            />
          </div>
        </div>
      </Disclosure>
      <Reach {...props} />
    </div>
  );
}
