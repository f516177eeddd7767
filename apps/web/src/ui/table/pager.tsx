import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../form/button.tsx';

interface PagerProps {
  page: number;
  size: number;
  total: number;
  label: string;
  onPage: (page: number) => void;
}

/** How much there is, and the ways to the rest of it. */
export function Pager({ page, size, total, label, onPage }: PagerProps) {
  const { t } = useTranslation();
  const pages = Math.max(1, Math.ceil(total / size));
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 text-sm text-ink-3">
      <p role="status">{label}</p>
      {pages > 1 && (
        <nav aria-label={t('common.pages')} className="ml-auto flex items-center gap-1">
          <IconButton size="sm" label={t('common.previous')} disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft aria-hidden className="size-4" />
          </IconButton>
          <span className="tabular">{t('common.pageOf', { page, pages })}</span>
          <IconButton size="sm" label={t('common.next')} disabled={page >= pages} onClick={() => onPage(page + 1)}>
            <ChevronRight aria-hidden className="size-4" />
          </IconButton>
        </nav>
      )}
    </div>
  );
}
