import { useTranslation } from 'react-i18next';
import { roles } from '@switchboard/core/access/schema';
import { Grant } from '@switchboard/core/users/schema';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Checkbox, Input, SecretInput, Select } from '../../ui/form/input.tsx';
import { GroupChoices } from './group-choices.tsx';
import type { UserDraft } from './user-draft.ts';

interface UserFieldsProps {
  draft: UserDraft;
  onChange: (draft: UserDraft) => void;
  failure: Failure | null;
  isNew: boolean;
}

function PasswordField({ draft, onChange, failure, isNew }: UserFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={t(isNew ? 'common.password' : 'users.newPassword')}
        hint={t(isNew ? 'users.passwordHint' : 'users.newPasswordHint')}
        error={fieldMessage(failure, 'password')}
      >
        <SecretInput
          autoComplete="new-password"
          value={draft.password}
          onChange={(event) => onChange({ ...draft, password: event.target.value })}
        />
      </Field>
      {(!isNew || draft.password !== '') && (
        <label className="flex items-center gap-2.5">
          <Checkbox
            checked={draft.mustChangePassword}
            onChange={(event) => onChange({ ...draft, mustChangePassword: event.target.checked })}
          />
          {t('users.mustChange')}
        </label>
      )}
    </div>
  );
}

export function UserFields(props: UserFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure, isNew } = props;
  function set(field: 'username' | 'fullName' | 'email') {
    return (event: { target: { value: string } }) => onChange({ ...draft, [field]: event.target.value });
  }
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('common.username')} required error={fieldMessage(failure, 'username')}>
          <Input
            autoCapitalize="none"
            value={draft.username}
            onChange={set('username')}
            {...(isNew ? { 'data-autofocus': true } : {})}
          />
        </Field>
        <Field label={t('common.role')} hint={t(`users.roleHint.${draft.role}`)}>
          <Select
            value={draft.role}
            onChange={(event) =>
              onChange({ ...draft, role: roles.find((role) => role === event.target.value) ?? 'user' })
            }
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('common.fullName')} error={fieldMessage(failure, 'fullName')}>
          <Input value={draft.fullName} onChange={set('fullName')} />
        </Field>
        <Field label={t('common.email')} error={fieldMessage(failure, 'email')}>
          <Input type="email" value={draft.email} onChange={set('email')} />
        </Field>
      </div>
      <PasswordField {...props} />
      <GroupChoices
        value={draft.groups}
        onChange={(next) => onChange({ ...draft, groups: next })}
        error={fieldMessage(failure, 'groups')}
      />
      <Choices
        legend={t('common.grants')}
        hint={t(draft.role === 'admin' ? 'users.grantsAdmin' : 'users.grantsHint')}
        value={draft.role === 'admin' ? [...Grant.options] : draft.grants}
        disabled={draft.role === 'admin'}
        onChange={(next) => onChange({ ...draft, grants: next })}
        options={Grant.options.map((grant) => ({
          value: grant,
          label: t(`grant.${grant}`),
          hint: t(`users.grantHint.${grant}`),
        }))}
      />
    </div>
  );
}
