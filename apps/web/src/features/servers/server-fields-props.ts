import type { Failure } from '../../lib/trpc.ts';
import type { Draft } from './server-draft.ts';

export interface ServerFieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  failure: Failure | null;
  onReveal?: ((field: 'env' | 'headers' | 'secrets', name: string) => Promise<string>) | undefined;
}
