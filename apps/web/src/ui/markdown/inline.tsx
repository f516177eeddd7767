import { Image } from 'lucide-react';
import type { Token } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { imageAddress, linkAddress } from './address.ts';
import { decodeEntities } from './entities.ts';
import type { Lexed, MarkdownToken } from './lex.ts';
import { MathsView } from './maths-view.tsx';

interface RunProps {
  tokens: Token[];
  lexed: Lexed;
}

function LinkTo({ address, title, children }: { address: string; title?: string | undefined; children: ReactNode }) {
  const link = linkAddress(address);
  if (link === null) return <span title={address}>{children}</span>;
  return (
    <a
      href={link}
      title={title}
      target="_blank"
      rel="noopener noreferrer"
      className="break-words text-accent-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {children}
    </a>
  );
}

function ImageIn({ address, alt }: { address: string; alt: string }) {
  const { t } = useTranslation();
  const image = imageAddress(address);
  if (image !== null) return <img src={image} alt={alt} className="inline max-h-96 max-w-full rounded-md" />;
  return (
    <LinkTo address={address} title={t('markdown.imageNotLoaded')}>
      <Image aria-hidden className="mr-1 inline size-4 align-text-bottom" />
      {alt === '' ? t('markdown.image') : alt}
    </LinkTo>
  );
}

function InlineToken({ token, lexed }: { token: MarkdownToken; lexed: Lexed }): ReactNode {
  const { t } = useTranslation();
  switch (token.type) {
    case 'text':
      return token.tokens ? <Run tokens={token.tokens} lexed={lexed} /> : decodeEntities(token.text);
    case 'escape':
      return token.text;
    case 'strong':
      return (
        <strong className="font-semibold">
          <Run tokens={token.tokens} lexed={lexed} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Run tokens={token.tokens} lexed={lexed} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Run tokens={token.tokens} lexed={lexed} />
        </del>
      );
    case 'codespan':
      return <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-[0.92em] break-words">{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return (
        <LinkTo address={token.href} title={token.title ?? undefined}>
          <Run tokens={token.tokens} lexed={lexed} />
        </LinkTo>
      );
    case 'image':
      return <ImageIn address={token.href} alt={decodeEntities(token.text)} />;
    case 'checkbox':
      return (
        <input
          type="checkbox"
          disabled
          checked={token.checked}
          readOnly
          aria-label={t(token.checked ? 'markdown.taskDone' : 'markdown.taskOpen')}
          className="mr-2 size-3.5 align-[-0.1em] accent-accent"
        />
      );
    case 'maths':
      return <MathsView tex={token.tex} display={token.display} />;
    case 'html':
      // The one tag that people who write Markdown mean as such, in cells of tables.
      return /^<br ?\/?>$/i.test(token.text) ? <br /> : token.text;
    default:
      return token.raw;
  }
}

/** A run of text with what stands in it. */
export function Run({ tokens, lexed }: RunProps) {
  return lexed.inline(tokens).map((token, index) => (
    <Fragment key={index}>
      <InlineToken token={token} lexed={lexed} />
    </Fragment>
  ));
}
