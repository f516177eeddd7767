import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { AppAction } from '@switchboard/core/apps/schema';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import {
  argumentsSchema,
  freeName,
  isWhole,
  newAction,
  toAction,
  toDraft,
  toDrafts,
  type ActionDraft,
} from './action-draft.ts';
import { useApp } from './app-context.ts';
import type { Action } from './types.ts';
import { useSaving } from './use-saving.ts';

/** The actions of an app while they are edited, and which of them is shown. */
export function useActionsDraft() {
  const app = useApp();
  const search = useSearch({ from: '/simulator/$id/' });
  const navigate = useNavigate({ from: '/simulator/$id/' });
  const [drafts, setDrafts] = useState(() => toDrafts(app.actions));
  const [made, setMade] = useState(0);
  const [slot, setSlot] = useState(() => drafts.find(({ name }) => name === search.action)?.slot ?? drafts[0]?.slot);
  const at = drafts.findIndex((draft) => draft.slot === slot);
  const tried = triedOf(drafts[at], app.actions, app.can.configure);
  const stored = toDrafts(app.actions);
  const changed = JSON.stringify(drafts) !== JSON.stringify(stored);
  const saving = useSaving(({ actions }) => {
    setDrafts(toDrafts(actions));
    setSlot(at < 0 ? undefined : String(at));
  });
  useUnsaved(changed && !saving.busy);

  function show(next: string | undefined) {
    setSlot(next);
    const name = drafts.find((draft) => draft.slot === next)?.name;
    void navigate({ search: { action: name === '' ? undefined : name }, replace: true });
  }
  /** Puts one in after the one that is shown. */
  function insert(draft: ActionDraft, index: number) {
    setDrafts(drafts.toSpliced(index, 0, draft));
    setSlot(draft.slot);
    setMade(made + 1);
  }
  return {
    drafts,
    shown: drafts[at],
    at,
    tried,
    /** Another one is filled in anew. */
    shape: JSON.stringify(tried && [tried.action.name, argumentsSchema(tried.action)]),
    changed,
    incomplete: !drafts.every(isWhole),
    ...saving,
    save: () => saving.save({ actions: drafts.map(toAction) }),
    show,
    set: (draft: ActionDraft) => setDrafts(drafts.with(at, draft)),
    add: () => insert(newAction(`new-${made}`, drafts), drafts.length),
    duplicate() {
      const draft = drafts[at];
      if (draft) insert({ ...draft, slot: `new-${made}`, name: freeName(draft.name, drafts) }, at + 1);
    },
    remove() {
      const next = drafts.toSpliced(at, 1);
      setDrafts(next);
      setSlot(next[Math.min(at, next.length - 1)]?.slot);
    },
    move(by: -1 | 1) {
      const draft = drafts[at];
      if (draft) setDrafts(drafts.toSpliced(at, 1).toSpliced(at + by, 0, draft));
    },
    undo() {
      setDrafts(stored);
      setSlot(stored.find(({ name }) => name === drafts[at]?.name)?.slot ?? stored[0]?.slot);
      saving.forget();
    },
  };
}

/** What a trial calls: what is shown, where it can be called already. */
function triedOf(draft: ActionDraft | undefined, saved: readonly Action[], mayDraft: boolean) {
  const stored = saved.find(({ name }) => name === draft?.name);
  const isSaved = stored && draft && JSON.stringify(toDraft(stored, draft.slot)) === JSON.stringify(draft);
  if (isSaved || !mayDraft) return stored && { action: stored, draft: undefined };
  const given = draft && isWhole(draft) ? AppAction.safeParse(toAction(draft)) : undefined;
  return given?.success ? { action: given.data as Action, draft: given.data } : undefined;
}

export type ActionsDraft = ReturnType<typeof useActionsDraft>;
