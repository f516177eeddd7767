import type { ReactNode } from 'react';
import type { Me } from './api-types.ts';

/** What the palette finds and does. */
export interface Command {
  id: string;
  /** The heading that it stands under. */
  group: string;
  label: string;
  detail?: string;
  icon: ReactNode;
  run: () => void;
}

/** A hook that gives what of a feature somebody can find in the palette. */
export type UseCommands = (me: Me) => Command[];
