import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../lib/format.ts';
import { useShowHtml } from '../../lib/use-frames.ts';
import { HtmlPreview } from '../app-frame/html-preview.tsx';
import { Button } from '../form/button.tsx';
import { Segmented } from '../form/segmented.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Code } from '../text/code.tsx';

const shownChars = 20_000;

function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text) || text.length > 500_000) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Text of a server, shown as text whatever it contains. */
export function TextBlock({ text }: { text: string }) {
  const { t, i18n } = useTranslation();
  const [all, setAll] = useState(false);
  const whole = pretty(text);
  const cut = !all && whole.length > shownChars;
  return (
    <div className="flex flex-col items-start gap-2">
      <Code wrap className="w-full" label={t('content.text')} text={cut ? whole.slice(0, shownChars) : whole} />
      {cut && (
        <Button size="sm" onClick={() => setAll(true)}>
          {t('content.showAll', { size: bytes(text.length, i18n.language) })}
        </Button>
      )}
    </div>
  );
}

/** Markdown of a server, to read; as it was written on request. */
function MarkdownBlock({ text }: { text: string }) {
  const { t } = useTranslation();
  const [view, setView] = useState<'read' | 'written'>('read');
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        small
        label={t('content.view')}
        value={view}
        onChange={setView}
        options={[
          { value: 'read', label: t('content.formatted') },
          { value: 'written', label: t('content.written') },
        ]}
      />
      {view === 'read' ? <Markdown text={text} /> : <TextBlock text={text} />}
    </div>
  );
}

/** HTML of a server, as it was written; as it looks on request. */
function HtmlBlock({ text }: { text: string }) {
  const { t } = useTranslation();
  const [view, setView] = useState<'written' | 'preview'>('written');
  const open = useShowHtml(text);
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        small
        label={t('content.view')}
        value={view}
        onChange={setView}
        options={[
          { value: 'written', label: t('content.written') },
          { value: 'preview', label: t('content.preview') },
        ]}
      />
      {view === 'written' ? <TextBlock text={text} /> : <HtmlPreview title={t('content.preview')} open={open} />}
    </div>
  );
}

/** The text of a resource, to read where it is of a kind that can be shown so. */
export function ResourceText({ text, mimeType }: { text: string; mimeType: string | null }) {
  if (isMarkdown(mimeType)) return <MarkdownBlock text={text} />;
  return isHtml(mimeType) ? <HtmlBlock text={text} /> : <TextBlock text={text} />;
}

function isHtml(mimeType: string | null): boolean {
  return /^text\/html *(?:;|$)/i.test(mimeType ?? '');
}

function isMarkdown(mimeType: string | null): boolean {
  return /^text\/(?:x-)?markdown(?:;|$)/i.test(mimeType ?? '');
}
