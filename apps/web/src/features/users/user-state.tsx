import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { Status } from '../../ui/feedback/status.tsx';

/** Whether an account can be used, as a shape and a word. */
export function UserState({ user, className }: { user: Pick<User, 'disabled' | 'approved'>; className?: string }) {
  const { t } = useTranslation();
  const rest = className === undefined ? {} : { className };
  if (user.disabled) return <Status shape="dash" tone="idle" label={t('users.state.disabled')} {...rest} />;
  if (!user.approved) return <Status shape="triangle" tone="warn" label={t('users.state.waiting')} {...rest} />;
  return <Status shape="disc" tone="ok" label={t('users.state.active')} {...rest} />;
}
