import { useTranslation } from 'react-i18next';
import { signInWays } from '@switchboard/core/servers/schema';
import { fieldMessage } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select, Textarea } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import type { Draft } from './server-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';
import type { SignInDraft } from './sign-in-draft.ts';

type SecretName = 'client_secret' | 'private_key';

function secretOf({ secrets }: Draft, name: SecretName): string {
  return secrets.find((pair) => pair.name === name)?.value ?? '';
}

function withSecret(draft: Draft, name: SecretName, value: string): Draft {
  const others = draft.secrets.filter((pair) => pair.name !== name);
  return { ...draft, secrets: value === '' ? others : [...others, { name, value }] };
}

interface PartProps extends Pick<ServerFieldsProps, 'draft' | 'onChange' | 'failure'> {
  set: (change: Partial<SignInDraft>) => void;
}

/** How the hub is known to whoever signs people in. */
function ClientFields({ draft, onChange, failure, set }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('servers.signIn.clientId')}
          hint={t('servers.signIn.clientIdHint')}
          error={fieldMessage(failure, 'signIn.clientId')}
        >
          <Input mono value={draft.signIn.clientId} onChange={({ target }) => set({ clientId: target.value })} />
        </Field>
        <Field
          label={t('servers.signIn.clientSecret')}
          hint={t('servers.signIn.clientSecretHint')}
          error={fieldMessage(failure, 'secrets.client_secret')}
        >
          <Input
            mono
            autoComplete="off"
            value={secretOf(draft, 'client_secret')}
            onChange={({ target }) => onChange(withSecret(draft, 'client_secret', target.value))}
          />
        </Field>
      </div>
      <Field
        label={t('servers.signIn.privateKey')}
        hint={t('servers.signIn.privateKeyHint')}
        error={fieldMessage(failure, 'secrets.private_key')}
      >
        <Textarea
          rows={2}
          value={secretOf(draft, 'private_key')}
          onChange={({ target }) => onChange(withSecret(draft, 'private_key', target.value))}
        />
      </Field>
    </>
  );
}

/** What differs at providers that do not keep to the specifications. */
function ProviderFields({ draft: { signIn }, failure, set }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t('servers.signIn.issuerUrl')}
        hint={t('servers.signIn.issuerUrlHint')}
        error={fieldMessage(failure, 'signIn.issuer')}
      >
        <Input
          mono
          type="url"
          value={signIn.issuer}
          placeholder="https://login.example.com"
          onChange={({ target }) => set({ issuer: target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('servers.signIn.scopes')}
          hint={t('servers.signIn.scopesHint')}
          error={fieldMessage(failure, 'signIn.scopes') ?? fieldMessage(failure, 'signIn.scopes.0')}
        >
          <Input mono value={signIn.scopes} onChange={({ target }) => set({ scopes: target.value })} />
        </Field>
        <Field
          label={t('servers.signIn.audience')}
          hint={t('servers.signIn.audienceHint')}
          error={fieldMessage(failure, 'signIn.audience')}
        >
          <Input mono value={signIn.audience} onChange={({ target }) => set({ audience: target.value })} />
        </Field>
      </div>
      <PairsEditor
        legend={t('servers.signIn.parameters')}
        hint={t('servers.signIn.parametersHint')}
        error={fieldMessage(failure, 'signIn.parameters')}
        namePlaceholder="prompt"
        pairs={signIn.parameters}
        onChange={(parameters) => set({ parameters })}
      />
      <SwitchRow
        label={t('servers.signIn.sendResource')}
        hint={t('servers.signIn.sendResourceHint')}
        checked={signIn.sendResource}
        onChange={(sendResource) => set({ sendResource })}
      />
      <SwitchRow
        label={t('servers.signIn.assumePkce')}
        hint={t('servers.signIn.assumePkceHint')}
        checked={signIn.assumePkce}
        onChange={(assumePkce) => set({ assumePkce })}
      />
    </>
  );
}

/** How people sign in to a remote server that asks for it. */
export function SignInFields({ draft, onChange, failure }: ServerFieldsProps) {
  const { t } = useTranslation();
  const { signIn } = draft;
  function set(change: Partial<SignInDraft>) {
    onChange({ ...draft, signIn: { ...signIn, ...change } });
  }
  const part = { draft, onChange, failure, set };
  return (
    <>
      <Field label={t('servers.signIn.who')} hint={t(`servers.signIn.whoHint.${signIn.who}`)}>
        <Select
          value={signIn.who}
          onChange={({ target }) => set({ who: signInWays.find((each) => each === target.value) ?? signIn.who })}
        >
          {signInWays.map((each) => (
            <option key={each} value={each}>
              {t(`servers.signIn.whoName.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Disclosure boxed title={t('servers.signIn.provider')} open={signIn.who === 'hub'}>
        <div className="flex flex-col gap-5">
          <ClientFields {...part} />
          <ProviderFields {...part} />
        </div>
      </Disclosure>
    </>
  );
}
