import type { Parser } from '@lezer/common';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { arriving } from '../../lib/arriving.ts';
import { useShowHtml } from '../../lib/use-frames.ts';
import { HtmlPreview } from '../app-frame/html-preview.tsx';
import { Button } from '../form/button.tsx';
import { ScrollRegion } from '../layout/scroll-region.tsx';
import { CopyIcon } from '../text/copy.tsx';
import type { Piece } from './highlight.ts';
import { grammarOf } from './languages.ts';

interface Highlighting {
  language: string;
  parser: Parser;
  highlight: (code: string, parser: Parser) => Piece[] | null;
}

/** What colours a language: null until it has come, and for languages that have none. */
function useHighlighting(language: string): Highlighting | null {
  const [loaded, setLoaded] = useState<Highlighting | null>(null);
  useEffect(() => {
    const load = grammarOf(language);
    if (!load) return;
    let isGone = false;
    void Promise.all([arriving(() => import('./highlight.ts')), arriving(load)]).then(
      ([{ highlight }, parser]) => {
        if (!isGone) setLoaded({ language, parser, highlight });
      },
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [language]);
  return loaded?.language === language ? loaded : null;
}

/** The document as it looks, without reach to the page or the network. */
function Preview({ html }: { html: string }) {
  const { t } = useTranslation();
  const open = useShowHtml(html);
  return <HtmlPreview title={t('content.preview')} open={open} />;
}

function Written({ label, pieces, code }: { label: string; pieces: Piece[] | null; code: string }) {
  return (
    <ScrollRegion label={label} className="max-h-[32rem]">
      <pre className="w-max min-w-full p-3 font-mono text-sm">
        <code>
          {pieces?.map(({ text, className }, index) =>
            className === null ? (
              text
            ) : (
              <span key={index} className={className}>
                {text}
              </span>
            ),
          ) ?? code}
        </code>
      </pre>
    </ScrollRegion>
  );
}

/** Code with its language and a button to copy it. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const { t } = useTranslation();
  const highlighting = useHighlighting(language);
  const pieces = useMemo(() => highlighting?.highlight(code, highlighting.parser) ?? null, [highlighting, code]);
  const [isPreview, setPreview] = useState(false);
  const label = language === '' ? t('common.code') : language;
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 border-b border-line py-0.5 pr-1 pl-3">
        <span className="min-w-0 truncate font-mono text-xs text-ink-3">{label}</span>
        <span className="flex items-center">
          {language === 'html' && (
            <Button size="sm" look="ghost" aria-pressed={isPreview} onClick={() => setPreview(!isPreview)}>
              {t(isPreview ? 'content.written' : 'content.preview')}
            </Button>
          )}
          <CopyIcon text={code} />
        </span>
      </figcaption>
      {isPreview ? <Preview html={code} /> : <Written label={label} pieces={pieces} code={code} />}
    </figure>
  );
}
