import { useNavigate } from '@tanstack/react-router';
import { Copy, Ellipsis, Pencil, Server, Share2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import type { GraphItem } from './types.ts';
import { useRemoveGraph, useShowGraph } from './use-graph-actions.ts';

/** What is done with a whole graph. */
export function GraphMenu({ graph, onRemoved }: { graph: GraphItem; onRemoved?: () => void }) {
  const { t } = useTranslation();
  const { me } = useInstance();
  const [dialog, setDialog] = useState<'copy' | 'rename' | 'share' | null>(null);
  const removeGraph = useRemoveGraph();
  const showGraph = useShowGraph();
  const navigate = useNavigate();
  const { serverId } = graph;
  const mayShow = serverId === null && graph.can.use && me?.can.createServer === true;
  const mayCopy = me?.can.createGraph === true;
  async function remove() {
    if (await removeGraph(graph)) onRemoved?.();
  }
  function close() {
    setDialog(null);
  }
  if (!mayCopy && !mayShow && serverId === null && !graph.can.configure) return null;
  const label = t('common.actionsOf', { name: graph.name });
  return (
    <>
      <Menu
        label={label}
        trigger={
          <IconButton label={label}>
            <Ellipsis aria-hidden className="size-4" />
          </IconButton>
        }
      >
        {mayCopy && (
          <MenuItem icon={<Copy />} onSelect={() => setDialog('copy')}>
            {t('graphs.copy.action')}
          </MenuItem>
        )}
        {mayShow && (
          <MenuItem icon={<Server />} onSelect={() => showGraph(graph)}>
            {t('graphs.server.make')}
          </MenuItem>
        )}
        {serverId !== null && (
          <MenuItem icon={<Server />} onSelect={() => void navigate({ to: '/servers/$id', params: { id: serverId } })}>
            {t('graphs.server.open')}
          </MenuItem>
        )}
        {graph.can.configure && (
          <>
            <MenuItem icon={<Pencil />} onSelect={() => setDialog('rename')}>
              {t('graphs.rename.action')}
            </MenuItem>
            <MenuItem icon={<Share2 />} onSelect={() => setDialog('share')}>
              {t('graphs.share.action')}
            </MenuItem>
            <MenuLine />
            <MenuItem danger icon={<Trash2 />} onSelect={() => void remove()}>
              {t('graphs.remove')}
            </MenuItem>
          </>
        )}
      </Menu>
      {dialog === 'copy' && <CopyDialog graph={graph} onClose={close} />}
      {dialog === 'rename' && <RenameDialog graph={graph} onClose={close} />}
      {dialog === 'share' && <ShareDialog graph={graph} onClose={close} />}
    </>
  );
}
