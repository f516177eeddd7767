import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { ToolRulesList } from './tool-rules-list.tsx';

const own = {};

/** What the reader always allows, asks or forbids models to do with tools. */
export function ToolRulesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  return (
    <Dialog
      open
      onClose={onClose}
      shape="right"
      title={t('conversations.rules.title')}
      subtitle={t('conversations.rules.lead')}
    >
      <ToolRulesList
        of={own}
        servers={servers.data?.items ?? []}
        refusal={me?.user?.role === 'viewer' ? t('conversations.rules.viewer') : null}
      />
    </Dialog>
  );
}

/** Opens the rules beside a conversation's tools. */
export function ToolRulesButton() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton size="sm" label={t('conversations.rules.title')} onClick={() => setOpen(true)}>
        <ShieldCheck aria-hidden className="size-3.5" />
      </IconButton>
      {isOpen && <ToolRulesDialog onClose={() => setOpen(false)} />}
    </>
  );
}
