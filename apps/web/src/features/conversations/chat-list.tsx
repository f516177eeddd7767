import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SquarePen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { ChatListRow } from './chat-list-row.tsx';
import { ImportButton } from './import-button.tsx';

const folders = ['all', 'favorite', 'archived', 'shared', 'deleted'] as const;
type Folder = (typeof folders)[number];

function askOf(folder: Folder, tag: string, search: string) {
  return {
    ...(search === '' ? {} : { search }),
    ...(tag === '' ? {} : { tag }),
    ...(folder === 'archived' && { archived: true }),
    ...(folder === 'shared' && { shared: true }),
    ...((folder === 'favorite' || folder === 'deleted') && { status: folder }),
  };
}

/** Where to look: all, favourites, the archive …, and below them what has a tag. */
function FolderPick({
  folder,
  tag,
  tags,
  onChange,
}: {
  folder: Folder;
  tag: string;
  tags: readonly string[];
  onChange: (folder: Folder, tag: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      compact
      aria-label={t('conversations.folder.label')}
      value={tag === '' ? folder : `#${tag}`}
      onChange={({ target: { value } }) =>
        value.startsWith('#')
          ? onChange('all', value.slice(1))
          : onChange(folders.find((each) => each === value) ?? 'all', '')
      }
    >
      {folders.map((each) => (
        <option key={each} value={each}>
          {t(`conversations.folder.${each}`)}
        </option>
      ))}
      {tags.length > 0 && (
        <optgroup label={t('conversations.folder.tags')}>
          {tags.map((each) => (
            <option key={each} value={`#${each}`}>
              {each}
            </option>
          ))}
        </optgroup>
      )}
    </Select>
  );
}

/** The conversations that a person may look at, the newest first. */
export function ChatList({ id, onChosen }: { id: string | undefined; onChosen?: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [folder, setFolder] = useState<Folder>('all');
  const [tag, setTag] = useState('');
  const [query, setQuery] = useState('');
  const search = useSettled(query).trim();
  const list = useQuery(
    trpc.conversations.list.queryOptions(askOf(folder, tag, search), { placeholderData: (last) => last }),
  );
  const all = useQuery(trpc.conversations.list.queryOptions({}));
  const tags = [...new Set(all.data?.flatMap((each) => each.tags) ?? [])].toSorted((a, b) => a.localeCompare(b));
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-2 border-b border-line p-3">
        <div className="flex gap-2">
          <Link to="/chat" onClick={onChosen} className={buttonClass('secondary', 'md', 'flex-1')}>
            <SquarePen aria-hidden className="size-4" />
            {t('conversations.new')}
          </Link>
          <ImportButton onDone={onChosen} />
        </div>
        <SearchInput value={query} onChange={setQuery} label={t('conversations.search')} />
        <FolderPick
          folder={folder}
          tag={tag}
          tags={tags}
          onChange={(next, nextTag) => {
            setFolder(next);
            setTag(nextTag);
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2 scroll-thin">
        {list.isPending && <SkeletonRows rows={4} />}
        {list.isError && !list.data && (
          <LoadFailed title={t('conversations.listFailed')} error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.data?.length === 0 && (
          <p className="px-2 py-6 text-center text-sm text-ink-3">
            {t(search === '' ? `conversations.none.${folder}` : 'items.noMatch')}
          </p>
        )}
        {list.data !== undefined && list.data.length > 0 && (
          <ul className="flex flex-col gap-0.5">
            {list.data.map((item) => (
              <ChatListRow key={item.id} item={item} isOpen={item.id === id} onChosen={onChosen} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
