import type { Tokens } from 'marked';
import { Fragment, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { ScrollRegion } from '../layout/scroll-region.tsx';
import { CodeBlock } from './code-block.tsx';
import { Run } from './inline.tsx';
import type { Lexed, MarkdownToken } from './lex.ts';
import { MathsView } from './maths-view.tsx';

/** The page and its cards have the first two levels. */
const headings = ['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const;
const headingLooks = ['text-xl', 'text-lg', 'text-base', 'text-base', 'text-sm', 'text-sm'];

/** The first word after the fence: what follows is for other programs. */
function languageOf(said: string | undefined): string {
  return /^[\w+#.-]{1,32}/.exec(said ?? '')?.[0] ?? '';
}

function List({ token, lexed }: { token: Tokens.List; lexed: Lexed }) {
  const isTasks = token.items.every((item) => item.task);
  const Tag = token.ordered ? 'ol' : 'ul';
  return (
    <Tag
      {...(token.ordered && typeof token.start === 'number' ? { start: token.start } : {})}
      className={cx(
        'flex flex-col gap-1',
        !isTasks && 'pl-6',
        !isTasks && (token.ordered ? 'list-decimal' : 'list-disc'),
      )}
    >
      {token.items.map((item, index) => (
        <li key={index} className="min-w-0 [&>*+*]:mt-2">
          {(item.tokens as MarkdownToken[]).map((each, part) => (
            <Fragment key={part}>
              {each.type === 'text' || each.type === 'checkbox' ? (
                <Run tokens={[each]} lexed={lexed} />
              ) : (
                <BlockContent token={each} lexed={lexed} />
              )}
            </Fragment>
          ))}
        </li>
      ))}
    </Tag>
  );
}

function alignOf(cell: Tokens.TableCell): string {
  return cell.align === 'right' ? 'text-right' : cell.align === 'center' ? 'text-center' : 'text-left';
}

function Table({ token, lexed }: { token: Tokens.Table; lexed: Lexed }) {
  const { t } = useTranslation();
  return (
    <ScrollRegion label={t('markdown.table')} className="rounded-md border border-line">
      <table className="min-w-full text-sm">
        <thead className="bg-sunken">
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} className={cx('px-3 py-1.5 font-medium', alignOf(cell))}>
                <Run tokens={cell.tokens} lexed={lexed} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index} className="border-t border-line">
              {row.map((cell, column) => (
                <td key={column} className={cx('min-w-24 px-3 py-1.5 align-top', alignOf(cell))}>
                  <Run tokens={cell.tokens} lexed={lexed} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Heading({ token, lexed }: { token: Tokens.Heading; lexed: Lexed }) {
  const Tag = headings[token.depth - 1] ?? 'h6';
  return (
    <Tag className={cx('font-semibold break-words text-balance', headingLooks[token.depth - 1])}>
      <Run tokens={token.tokens} lexed={lexed} />
    </Tag>
  );
}

function BlockContent({ token, lexed }: { token: MarkdownToken; lexed: Lexed }) {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return <Heading token={token} lexed={lexed} />;
    case 'code':
      return <CodeBlock code={token.text} language={languageOf(token.lang)} />;
    case 'blockquote':
      return (
        <blockquote className="flex flex-col gap-3 border-l-2 border-line-strong pl-3 text-ink-2">
          <Blocks tokens={token.tokens as MarkdownToken[]} lexed={lexed} />
        </blockquote>
      );
    case 'list':
      return <List token={token} lexed={lexed} />;
    case 'table':
      return <Table token={token} lexed={lexed} />;
    case 'hr':
      return <hr className="border-line" />;
    case 'maths':
      return <MathsView tex={token.tex} display={token.display} />;
    case 'html':
      return <p className="break-words whitespace-pre-wrap">{token.text.trim()}</p>;
    case 'paragraph':
      return (
        <p className="break-words">
          <Run tokens={token.tokens} lexed={lexed} />
        </p>
      );
    default:
      return (
        <p className="break-words">
          <Run tokens={[token]} lexed={lexed} />
        </p>
      );
  }
}

interface BlockProps {
  token: MarkdownToken;
  lexed: Lexed;
}

/** Drawn anew only where its own text is another: a text that grows changes its last block alone. */
const Block = memo(BlockContent, (before: BlockProps, after: BlockProps) => {
  return (
    before.token.type === after.token.type &&
    before.token.raw === after.token.raw &&
    before.lexed.links === after.lexed.links
  );
});

/** Blocks one below the other. */
export function Blocks({ tokens, lexed }: { tokens: MarkdownToken[]; lexed: Lexed }) {
  return tokens.map((token, index) => <Block key={index} token={token} lexed={lexed} />);
}
