import { Info, TriangleAlert } from 'lucide-react';
import { useInstance } from '../lib/use-instance.ts';

/** What admins want everybody to read, before they sign in too. */
export function Banner() {
  const banner = useInstance().me?.appearance.banner;
  if (!banner) return null;
  const isWarning = banner.tone === 'warning';
  const Icon = isWarning ? TriangleAlert : Info;
  return (
    <div
      role="note"
      className={`flex items-start justify-center gap-2 border-b px-4 py-2 text-sm ${isWarning ? 'border-warn/25 bg-warn-soft [&>svg]:text-warn' : 'border-accent/25 bg-accent-soft [&>svg]:text-accent-text'}`}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p className="min-w-0 break-words whitespace-pre-wrap">{banner.text}</p>
    </div>
  );
}
