import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { interfaceOf, isForApps, isReadOnly } from '../../lib/app-tools.ts';
import type { Params } from '../../lib/calls/run-state.ts';
import { useAppCalls } from '../../lib/calls/use-app-calls.ts';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { useShowApp } from '../../lib/use-frames.ts';
import { AppFrame } from '../app-frame/app-frame.tsx';
import { AppError } from '../app-frame/host.ts';
import type { AppCall } from '../app-frame/use-host.ts';
import { AskCard } from './ask-card.tsx';

type Tools = ReadonlyMap<string, Params>;

/** The definitions of a server's tools, with those that it offers only to clients that can be asked. */
function useTools(serverId: string): Tools | null {
  const trpc = useTRPC();
  // The page has asked for both. To ask the server again would take its connection from the call.
  const staleTime = 60_000;
  const items = useQuery(trpc.servers.items.queryOptions({ id: serverId }, { staleTime }));
  const offered = useQuery(trpc.playground.tools.queryOptions({ serverId }, { staleTime, retry: false, trpc: alone }));
  return useMemo(() => {
    if (!items.data || offered.isPending) return null;
    const known = [...items.data.tools.filter(({ enabled }) => enabled), ...(offered.data ?? [])];
    return new Map(known.map(({ name, definition }) => [name, definition]));
  }, [items.data, offered.data, offered.isPending]);
}

/** A call of a tool, as far as its interface is told of it. */
export interface CalledTool extends Omit<AppCall, 'tool'> {
  serverId: string;
  /** As the server calls it. */
  name: string;
}

function ShownApp({ called, uri, tools }: { called: CalledTool; uri: string; tools: Tools }) {
  const { t } = useTranslation();
  const { serverId, name, input, partialInput, result, cancelled } = called;
  const { asking, callTool, readResource, answer } = useAppCalls(serverId);
  const open = useShowApp(serverId, uri);
  const call = useMemo(
    () => ({ tool: tools.get(name), input, partialInput, result, cancelled }),
    [tools, name, input, partialInput, result, cancelled],
  );
  function forApps(tool: string): Params | null {
    const definition = tools.get(tool);
    return definition && isForApps(definition) ? definition : null;
  }
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-sm font-medium">{t('content.app')}</h2>
      {asking.flatMap((each) =>
        each.asks.map((ask) => (
          <AskCard key={ask.askId} ask={ask} serverId={serverId} onAnswer={(reply) => answer(each, ask.askId, reply)} />
        )),
      )}
      <AppFrame
        title={t('content.appOf', { name })}
        open={open}
        call={call}
        mustAsk={(tool) => {
          const definition = forApps(tool);
          return definition !== null && !isReadOnly(definition);
        }}
        callTool={(tool, args) => {
          if (forApps(tool)) return callTool(tool, args);
          throw new AppError(`There is no tool "${tool}" that user interfaces may call.`);
        }}
        readResource={readResource}
      />
    </section>
  );
}

/** The user interface of a tool that was called, where it has one. */
export function ToolApp({ called }: { called: CalledTool }) {
  const { serverId, name, result } = called;
  const tools = useTools(serverId);
  if (tools === null) return null;
  const uri = interfaceOf(tools.get(name) ?? {}) ?? interfaceOf(result ?? {});
  return uri === null ? null : <ShownApp called={called} uri={uri} tools={tools} />;
}
