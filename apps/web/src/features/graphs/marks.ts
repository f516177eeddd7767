import type { StatusShape, StatusTone } from '../../ui/feedback/status.tsx';

/** What stands at a node besides what it is. */
export interface NodeMark {
  tone: StatusTone;
  shape: StatusShape;
  /** For people who look at the canvas, and who hear it. */
  label: string;
  /** A further line, for example what a run took there. */
  detail?: string;
}
