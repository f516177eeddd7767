import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { Button, IconButton } from '../form/button.tsx';

async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain http on another host browsers hide the clipboard API; the old way still works there.
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function useCopy(text: string) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  function copy() {
    void writeClipboard(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }
  return { copied, copy };
}

export function CopyIcon({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  return (
    <IconButton size="sm" label={copied ? t('common.copied') : (label ?? t('common.copy'))} onClick={copy}>
      {copied ? <Check aria-hidden className="size-4 text-ok" /> : <Copy aria-hidden className="size-3.5" />}
    </IconButton>
  );
}

export function CopyButton({ text, children }: { text: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  const Icon = copied ? Check : Copy;
  return (
    <Button size="sm" onClick={copy} icon={<Icon aria-hidden className={cx('size-3.5', copied && 'text-ok')} />}>
      {copied ? t('common.copied') : (children ?? t('common.copy'))}
    </Button>
  );
}

/** An identifier or address: monospace, and copied with one click. */
export function CopyText({ text, className }: { text: string; className?: string }) {
  return (
    <span className={cx('inline-flex max-w-full min-w-0 items-center gap-1 align-middle', className)}>
      <code className="min-w-0 truncate font-mono text-sm">{text}</code>
      <CopyIcon text={text} />
    </span>
  );
}
