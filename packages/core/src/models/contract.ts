import type { Providers } from '@switchboard/agents';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';

/** The client of model providers. */
export interface ModelServices {
  providers: Pick<Providers, 'runTurn' | 'listModels'>;
}

function refuse(): never {
  throw new DomainError('unavailable', say('speaksToNoModels'));
}

/** For processes that speak to no models. */
export const noProviders: ModelServices['providers'] = { runTurn: refuse, listModels: refuse };
