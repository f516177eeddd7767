import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { alone, toFailure, useTRPC, type Trpc } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { namingIn, optionsFor, type Option, type Prompt } from './extras.ts';
import type { Attachment, Chosen } from './types.ts';

interface UseExtras {
  text: string;
  chosen: Chosen;
  onText: (text: string) => void;
  onFile: (file: Attachment) => void;
}

const longestName = 256;

/** Apart, as what is called so is taken for a hook. */
function fillOptions(trpc: Trpc, told: { onError: (error: unknown) => void }) {
  return trpc.conversations.usePrompt.mutationOptions(told);
}

/** Prompts of servers as commands, and their resources as mentions, while a message is written. */
export function useExtras({ text, chosen, onText, onFile }: UseExtras) {
  const { t } = useTranslation();
  const toast = useToast();
  const trpc = useTRPC();
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const [asked, setAsked] = useState<Prompt | null>(null);
  const naming = namingIn(text);
  const hasChosen = chosen.servers.length > 0 || chosen.groups.length > 0;
  const extras = useQuery(
    trpc.conversations.extras.queryOptions(chosen, {
      trpc: alone,
      enabled: naming !== null && hasChosen,
      staleTime: 60_000,
    }),
  );
  const options = closedFor === text ? [] : optionsFor(naming, extras.data);
  const at = Math.min(active, options.length - 1);
  const told = { onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message) };
  const use = useMutation(fillOptions(trpc, told));
  const read = useMutation(trpc.conversations.readResource.mutationOptions(told));

  function fill(prompt: Prompt, given: Record<string, string>) {
    use.mutate(
      { chosen, name: prompt.exposedName, arguments: given },
      {
        onSuccess: ({ messages }) => {
          onText(messages.map((message) => message.text).join('\n\n'));
          setAsked(null);
        },
      },
    );
  }
  function choose(option: Option) {
    setActive(0);
    if (option.kind === 'command') {
      if (option.prompt.arguments.length > 0) setAsked(option.prompt);
      else fill(option.prompt, {});
      return;
    }
    const { uri, name } = option.resource;
    onText(text.slice(0, naming?.from ?? text.length));
    read.mutate(
      { chosen, uri },
      { onSuccess: (found) => onFile({ type: 'text', name: name.slice(0, longestName), text: found.text }) },
    );
  }
  /** True where the key was meant for the list. */
  function onKey(event: KeyboardEvent): boolean {
    const option = options[at];
    if (option === undefined) return false;
    if (event.key === 'ArrowDown') setActive((at + 1) % options.length);
    else if (event.key === 'ArrowUp') setActive((at + options.length - 1) % options.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(option);
    else if (event.key === 'Escape') setClosedFor(text);
    else return false;
    event.preventDefault();
    return true;
  }
  return {
    options,
    active: at,
    choose,
    onKey,
    asked,
    isFilling: use.isPending,
    isReading: read.isPending,
    fill,
    cancel: () => setAsked(null),
  };
}
export type ExtrasState = ReturnType<typeof useExtras>;
