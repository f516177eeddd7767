import { useTranslation } from 'react-i18next';
import type { OAuthGrant } from '../../lib/api-types.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Time } from '../../ui/text/time.tsx';
import { useScopeWords } from './use-scope-words.ts';

interface GrantRowProps {
  name: string;
  grant: Pick<OAuthGrant, 'endpoint' | 'scopes' | 'bounds' | 'createdAt' | 'lastUsedAt'>;
  /** What ends it: the word of the button, and what a screen reader says. */
  action: { label: string; full: string };
  busy: boolean;
  onEnd: () => void;
}

/** What a program may do and where, when it was used, and the way to end it. */
export function GrantRow({ name, grant, action, busy, onEnd }: GrantRowProps) {
  const { t } = useTranslation();
  const wordsOf = useScopeWords();
  const { endpoint, scopes, bounds, createdAt, lastUsedAt } = grant;
  const places = [...(bounds.servers ?? []), ...(bounds.tools ?? [])];
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-words">{name}</span>
          <code className="font-mono text-xs break-all text-ink-3">{endpoint.url}</code>
        </p>
        <p className="mt-1 flex flex-wrap items-center gap-1">
          {scopes.map((scope) => (
            <Badge key={scope} tone="accent">
              {wordsOf(scope).label}
            </Badge>
          ))}
          {places.slice(0, 4).map((place) => (
            <Badge key={place} mono>
              {place}
            </Badge>
          ))}
          {places.length > 4 && <span className="text-xs text-ink-3">+{places.length - 4}</span>}
        </p>
        <p className="mt-1 text-sm text-ink-3">
          {t('oauth.lastUsed')} <Time value={lastUsedAt} none={t('common.never')} />
          {' · '}
          {t('oauth.since')} <Time value={createdAt} />
        </p>
      </div>
      <Button size="sm" look="ghost" className="text-bad!" busy={busy} aria-label={action.full} onClick={onEnd}>
        {action.label}
      </Button>
    </li>
  );
}
