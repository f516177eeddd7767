import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { Button } from '../../ui/form/button.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { ActionsDraft } from './use-actions-draft.ts';

/** Which action is shown: a list, or a choice where the screen is narrow. */
export function ActionList({ draft, mayChange }: { draft: ActionsDraft; mayChange: boolean }) {
  const { t } = useTranslation();
  const { drafts, shown, failure } = draft;
  function nameOf(name: string) {
    return name === '' ? t('apps.action.unnamed') : name;
  }
  function isRefused(index: number) {
    return failure?.fields.some(({ field }) => field.startsWith(`patch.actions.${index}.`)) === true;
  }
  return (
    <div className="flex min-w-0 gap-2 @2xl:flex-col">
      <Select
        className="min-w-0 flex-1 @2xl:hidden"
        aria-label={t('apps.action.choose')}
        value={shown?.slot}
        onChange={(event) => draft.show(event.target.value)}
      >
        {drafts.map(({ slot, name }) => (
          <option key={slot} value={slot}>
            {nameOf(name)}
          </option>
        ))}
      </Select>
      <ul
        aria-label={t('apps.tab.actions')}
        className="hidden max-h-[70dvh] flex-col gap-0.5 overflow-y-auto scroll-thin @2xl:flex"
      >
        {drafts.map(({ slot, name, displayName }, index) => (
          <li key={slot}>
            <button
              type="button"
              aria-current={slot === shown?.slot ? 'true' : undefined}
              onClick={() => draft.show(slot)}
              className={cx(
                'flex min-h-9 w-full flex-col items-start justify-center rounded-md px-3 py-1 text-left transition-colors focus-visible:-outline-offset-2',
                slot === shown?.slot ? 'bg-accent-soft text-accent-text' : 'text-ink-2 hover:bg-hover',
              )}
            >
              <span className={cx('font-mono text-sm font-medium break-all', isRefused(index) && 'text-bad')}>
                {nameOf(name)}
              </span>
              {displayName !== '' && <span className="text-xs wrap-anywhere">{displayName}</span>}
            </button>
          </li>
        ))}
      </ul>
      {mayChange && (
        <Button icon={<Plus aria-hidden className="size-4" />} onClick={draft.add} className="@2xl:self-stretch">
          {t('apps.action.add')}
        </Button>
      )}
    </div>
  );
}
