import type { ActionDraft } from './action-draft.ts';

/** What each part of the editor of an action is given. */
export interface PartProps {
  action: ActionDraft;
  onChange: (change: Partial<ActionDraft>) => void;
  /** What is wrong with a field. */
  wrong: (field: string) => string | null;
  disabled: boolean;
}
