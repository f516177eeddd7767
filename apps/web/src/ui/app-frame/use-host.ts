import { useEffect, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { contextNow, looksNow, onLooks } from './host-context.ts';
import { createHost, type AppHandlers, type Host } from './host.ts';
import type { Params } from './messages.ts';
import type { OpenedFrame } from './use-opened.ts';

/** The tool call that an app shows, as far as it is. */
export interface AppCall {
  /** Its definition. */
  tool?: Params | undefined;
  input?: Params | undefined;
  /** What is there of the input while a model still writes it. */
  partialInput?: Params | undefined;
  result?: Params | undefined;
  /** Why there will be no result. */
  cancelled?: string | undefined;
}

function tell(host: Host, { input, partialInput, result, cancelled }: AppCall): void {
  if (partialInput && !input) host.partialInput(partialInput);
  if (input) host.toolInput(input);
  if (result) host.toolResult(result);
  if (cancelled !== undefined) host.toolCancelled(cancelled);
}

interface HostedFrame {
  frame: OpenedFrame | null;
  element: RefObject<HTMLIFrameElement | null>;
  allowed: readonly string[];
  call: AppCall;
  handlers: AppHandlers;
  onFlood: () => void;
}

function allowedOf(frame: OpenedFrame, allowed: readonly string[]): Params {
  function having(use: OpenedFrame['hosts'][number]['uses'][number]): string[] {
    return frame.hosts
      .filter(({ source, uses }) => allowed.includes(source) && uses.includes(use))
      .map(({ source }) => source);
  }
  return {
    connectDomains: having('connect'),
    resourceDomains: having('load'),
    frameDomains: having('show'),
    baseUriDomains: having('base'),
  };
}

/** Speaks with the app in a frame for as long as it shows that document, and with nobody else. */
export function useHost(hosted: HostedFrame): void {
  const { i18n } = useTranslation();
  const { frame, element } = hosted;
  const latest = useRef(hosted);
  const host = useRef<Host | null>(null);
  useEffect(() => void (latest.current = hosted));
  useEffect(() => {
    const target = element.current?.contentWindow;
    if (!frame || !target) return;
    function handler<Name extends keyof AppHandlers>(name: Name): AppHandlers[Name] {
      return latest.current.handlers[name];
    }
    const made = createHost({
      // The document's origin is nobody's and has no name that a message could be sent to.
      post: (message) => target.postMessage(message, '*'),
      context: () => contextNow(i18n.language, element.current?.clientWidth ?? 0, latest.current.call.tool),
      allowed: allowedOf(frame, latest.current.allowed),
      flooded: () => latest.current.onFlood(),
      handlers: {
        callTool: handler('callTool') && ((name, args) => handler('callTool')?.(name, args) ?? Promise.reject()),
        readResource: handler('readResource') && ((uri) => handler('readResource')?.(uri) ?? Promise.reject()),
        message: handler('message') && ((content) => handler('message')?.(content) ?? Promise.reject()),
        modelContext: handler('modelContext') && ((context) => handler('modelContext')?.(context) ?? Promise.reject()),
        logged: (level, data) => handler('logged')?.(level, data),
        openLink: (url) => handler('openLink')(url),
        resized: (height) => handler('resized')(height),
      },
    });
    function listen({ source, origin, data }: MessageEvent<unknown>) {
      if (source === target && origin === 'null') made.receive(data);
    }
    window.addEventListener('message', listen);
    const endLooks = onLooks(() => made.contextChanged(looksNow()));
    host.current = made;
    tell(made, latest.current.call);
    return () => {
      made.leave();
      endLooks();
      window.removeEventListener('message', listen);
      host.current = null;
    };
  }, [frame, element, i18n]);
  const { call } = hosted;
  useEffect(() => {
    if (host.current) tell(host.current, call);
  }, [call]);
}
