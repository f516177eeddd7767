import { useTranslation } from 'react-i18next';
import { exactTime } from '../../lib/format.ts';
import { Button } from '../form/button.tsx';

interface LoadMoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  /** How far a search has come that goes on with the next page; null where a page is simply full. */
  searchedTo: Date | null;
}

/** Below a list that has more than it shows, or that a search has not gone through to its end. */
export function LoadMore({ query, searchedTo }: LoadMoreProps) {
  const { t, i18n } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line p-3">
      {searchedTo && (
        <p className="text-sm text-ink-2" role="status">
          {t('list.searchedTo', { time: exactTime(searchedTo.getTime(), i18n.language) })}
        </p>
      )}
      <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t(searchedTo ? 'list.searchOn' : 'list.more')}
      </Button>
    </div>
  );
}
