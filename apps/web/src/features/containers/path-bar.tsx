import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

/** Where one is, with a way to each folder above. */
export function PathBar({ path, onOpen }: { path: string; onOpen: (path: string) => void }) {
  const { t } = useTranslation();
  const parts = path.split('/').filter(Boolean);
  return (
    <nav aria-label={t('containers.folder')} className="flex min-w-0 flex-wrap items-center gap-1 font-mono text-sm">
      <button type="button" aria-label="/" className="rounded-sm px-1 hover:underline" onClick={() => onOpen('/')}>
        /
      </button>
      {parts.map((part, index) => {
        const here = `/${parts.slice(0, index + 1).join('/')}`;
        const last = index === parts.length - 1;
        return (
          <Fragment key={here}>
            {index > 0 && <span className="text-ink-3">/</span>}
            {last ? (
              <span aria-current="location" className="px-1 break-all">
                {part}
              </span>
            ) : (
              <button type="button" className="rounded-sm px-1 break-all hover:underline" onClick={() => onOpen(here)}>
                {part}
              </button>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}
