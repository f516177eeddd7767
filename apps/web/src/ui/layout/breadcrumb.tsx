import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function Breadcrumb({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('common.breadcrumb')}
      className="mb-2 flex items-center gap-1 text-sm text-ink-3 [&_a:hover]:text-ink [&_a:hover]:underline"
    >
      {children}
      <ChevronRight aria-hidden className="size-3.5" />
    </nav>
  );
}
