import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConfirm } from '../feedback/confirm.tsx';

/** Asks before a page with changes that are not saved is left. */
export function useUnsaved(changed: boolean): void {
  const { t } = useTranslation();
  const confirm = useConfirm();
  useBlocker({
    disabled: !changed,
    enableBeforeUnload: changed,
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      const leave = await confirm({
        title: t('unsaved.title'),
        body: t('unsaved.body'),
        action: t('unsaved.leave'),
      });
      return !leave;
    },
  });
}
