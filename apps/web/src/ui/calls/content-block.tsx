import { Link } from '@tanstack/react-router';
import { Download, ExternalLink, FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../lib/format.ts';
import { safeLink } from '../../lib/safe-link.ts';
import { Badge } from '../feedback/badge.tsx';
import { buttonClass } from '../form/button.tsx';
import { Json } from '../text/code.tsx';
import { base64Size, imageSource, type Block } from './blocks.ts';
import { ResourceText, TextBlock } from './text-block.tsx';

function ResourceBlock({ block }: { block: Extract<Block, { kind: 'resource' }> }) {
  const { t, i18n } = useTranslation();
  const image = imageSource(block.blob, block.mimeType);
  const name = block.uri.split('/').at(-1) || 'resource';
  return (
    <div className="flex flex-col gap-2">
      <h2 className="flex flex-wrap items-center gap-2">
        <FileText aria-hidden className="size-4 text-ink-3" />
        <code className="min-w-0 font-mono text-sm break-all">{block.uri}</code>
        {block.mimeType !== null && <Badge mono>{block.mimeType}</Badge>}
      </h2>
      {block.text !== null && <ResourceText text={block.text} mimeType={block.mimeType} />}
      {image !== null && (
        <img src={image} alt={block.uri} className="max-h-96 max-w-full self-start rounded-md border border-line" />
      )}
      {block.blob !== null && (
        <a
          href={`data:application/octet-stream;base64,${encodeURIComponent(block.blob)}`}
          download={name}
          className={buttonClass('secondary', 'sm', 'self-start')}
        >
          <Download aria-hidden className="size-3.5" />
          {t('content.download', { size: bytes(base64Size(block.blob), i18n.language) })}
        </a>
      )}
    </div>
  );
}

function LinkBlock({ block, serverId }: { block: Extract<Block, { kind: 'link' }>; serverId: string }) {
  const { t } = useTranslation();
  const link = safeLink(block.uri);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{block.name}</p>
        <code className="font-mono text-xs break-all text-ink-3">{block.uri}</code>
        {block.description !== null && <p className="text-sm text-ink-2">{block.description}</p>}
      </div>
      <Link
        to="/playground"
        search={{ server: serverId, method: 'resources/read', name: block.uri }}
        className={buttonClass('secondary', 'sm')}
      >
        {t('content.read')}
      </Link>
      {link !== null && (
        <a href={link} target="_blank" rel="noopener noreferrer nofollow" className={buttonClass('ghost', 'sm')}>
          <ExternalLink aria-hidden className="size-3.5" />
          {t('content.open')}
        </a>
      )}
    </div>
  );
}

export function ContentBlock({ block, serverId }: { block: Block; serverId: string }) {
  const { t, i18n } = useTranslation();
  switch (block.kind) {
    case 'text':
      return <TextBlock text={block.text} />;
    case 'image':
      return (
        <figure>
          <img
            src={block.src}
            alt={t('content.image')}
            className="max-h-[28rem] max-w-full rounded-md border border-line bg-sunken"
          />
          <figcaption className="mt-1 text-xs text-ink-3">
            {block.mimeType} · {bytes(block.size, i18n.language)}
          </figcaption>
        </figure>
      );
    case 'audio':
      return (
        <figure>
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a server sends sound without captions */}
          <audio controls src={block.src} className="w-full max-w-md" />
          <figcaption className="mt-1 text-xs text-ink-3">
            {block.mimeType} · {bytes(block.size, i18n.language)}
          </figcaption>
        </figure>
      );
    case 'resource':
      return <ResourceBlock block={block} />;
    case 'link':
      return <LinkBlock block={block} serverId={serverId} />;
    case 'other':
      return <Json value={block.value} />;
  }
}
