import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SlidersHorizontal, Wrench } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, percent } from '../../lib/format.ts';
import { stateLooks, stateOf } from '../../lib/server-state.ts';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { Status } from '../../ui/feedback/status.tsx';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Tooltip } from '../../ui/layout/tooltip.tsx';
import { ParametersDialog } from './parameters-dialog.tsx';
import { noTools } from './settings.ts';
import { ToolPicker } from './tool-picker.tsx';
import { ToolRulesButton } from './tool-rules-dialog.tsx';
import type { Conversation } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

/** About so many characters are a token. */
const charactersPerToken = 4;

/** How much of the model's context the next message begins with. */
function ContextMeter({ used, window }: { used: number; window: number }) {
  const { t, i18n } = useTranslation();
  const share = Math.min(1, used / window);
  const words = t('conversations.context', {
    used: count(used, i18n.language),
    window: count(window, i18n.language),
  });
  return (
    <Tooltip text={words} side="top">
      <span
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its tooltip has to be reached by the keyboard
        tabIndex={0}
        role="img"
        aria-label={words}
        className={`px-1.5 text-xs tabular ${share > 0.8 ? 'font-medium text-warn' : 'text-ink-3'}`}
      >
        {percent(share, i18n.language)}
      </span>
    </Tooltip>
  );
}

/** Servers of the choice that are not there yet, or not at all, and why. */
function Away({ settings: { servers, settings } }: { settings: ChatSettings }) {
  const chosen = servers.filter(({ id }) => settings?.chosen.servers.includes(id) === true);
  const away = chosen.filter((server) => !['running', 'asleep'].includes(stateOf(server)));
  return away.slice(0, 3).map((server) => <AwayLink key={server.id} server={server} />);
}

function AwayLink({ server }: { server: ChatSettings['servers'][number] }) {
  const { t } = useTranslation();
  const state = stateOf(server);
  return (
    <Link to="/servers/$id" params={{ id: server.id }} className="rounded-sm px-1.5 text-xs hover:underline">
      <Status {...stateLooks[state]} label={`${server.name}: ${t(`state.${state}`)}`} />
    </Link>
  );
}

/** Which tools the next message may use and what they cost, how the model is asked, and how full its context is. */
export function ComposerTools({
  conversation,
  settings: of,
}: {
  conversation: Conversation | undefined;
  settings: ChatSettings;
}) {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const [dialog, setDialog] = useState<'tools' | 'parameters' | null>(null);
  const { settings, model } = of;
  const chosen = settings?.chosen ?? noTools;
  const hasChosen = chosen.servers.length > 0 || chosen.groups.length > 0;
  const tools = useQuery(trpc.conversations.tools.queryOptions(chosen, { trpc: alone, enabled: hasChosen }));
  const offered = hasChosen ? (tools.data ?? []) : [];
  const tokens = offered.reduce((sum, tool) => sum + tool.tokens, 0);
  if (settings === null) return null;
  const system = Math.ceil(settings.systemPrompt.length / charactersPerToken);
  const used = tokens + system + (conversation?.contextTokens ?? 0);
  const label = !hasChosen
    ? t('conversations.tools.choose')
    : tools.isPending
      ? t('conversations.tools.loading')
      : t('conversations.tools.chosen', {
          count: offered.length,
          shown: count(offered.length, i18n.language),
          tokens: count(tokens, i18n.language),
        });
  return (
    <>
      <Button
        size="sm"
        look="ghost"
        icon={<Wrench aria-hidden className="size-3.5" />}
        onClick={() => setDialog('tools')}
      >
        {label}
      </Button>
      <IconButton size="sm" label={t('conversations.parameters.open')} onClick={() => setDialog('parameters')}>
        <SlidersHorizontal aria-hidden className="size-3.5" />
      </IconButton>
      <ToolRulesButton />
      {model?.contextWindow != null && <ContextMeter used={used} window={model.contextWindow} />}
      <Away settings={of} />
      {dialog === 'tools' && <ToolPicker settings={of} onClose={() => setDialog(null)} />}
      {dialog === 'parameters' && <ParametersDialog settings={of} onClose={() => setDialog(null)} />}
    </>
  );
}
