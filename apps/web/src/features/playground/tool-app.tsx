import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { interfaceOf, isForApps, isReadOnly } from '../../lib/app-tools.ts';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { useShowApp } from '../../lib/use-frames.ts';
import { AppFrame } from '../../ui/app-frame/app-frame.tsx';
import { AppError } from '../../ui/app-frame/host.ts';
import type { AppCall } from '../../ui/app-frame/use-host.ts';
import { AskCard } from './ask-card.tsx';
import type { Params, Run } from './run-state.ts';
import { useAppCalls } from './use-app-calls.ts';

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

function callOf(run: Run, tool: Params | undefined): AppCall {
  const { request, outcome } = run;
  return {
    tool,
    input: request.arguments,
    result: outcome.kind === 'result' ? outcome.result : undefined,
    cancelled:
      outcome.kind === 'cancelled' || outcome.kind === 'error' ? 'The call ended without a result.' : undefined,
  };
}

function ShownApp({ run, uri, tools }: { run: Run; uri: string; tools: Tools }) {
  const { t } = useTranslation();
  const { serverId, name } = run.request;
  const { asking, callTool, readResource, answer } = useAppCalls(serverId);
  const open = useShowApp(serverId, uri);
  const call = useMemo(() => callOf(run, tools.get(name)), [run, tools, name]);
  function forApps(tool: string): Params | null {
    const definition = tools.get(tool);
    return definition && isForApps(definition) ? definition : null;
  }
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-sm font-medium">{t('playground.app')}</h2>
      {asking.flatMap((each) =>
        each.asks.map((ask) => (
          <AskCard key={ask.askId} ask={ask} serverId={serverId} onAnswer={(reply) => answer(each, ask.askId, reply)} />
        )),
      )}
      <AppFrame
        title={t('playground.appOf', { name })}
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
export function ToolApp({ run }: { run: Run }) {
  const { method, serverId, name } = run.request;
  const tools = useTools(serverId);
  const { outcome } = run;
  if (method !== 'tools/call' || tools === null) return null;
  const told = outcome.kind === 'result' ? interfaceOf(outcome.result) : null;
  const uri = interfaceOf(tools.get(name) ?? {}) ?? told;
  return uri === null ? null : <ShownApp run={run} uri={uri} tools={tools} />;
}
