import type { ModelRow } from './rows.ts';
import { demoName } from './schema.ts';

const start = new Date(0);

/** The built-in model: scripted, without key or network, and open to everybody. It is in no table. */
export const demoRow: ModelRow = {
  id: demoName,
  name: demoName,
  nameKey: demoName,
  protocol: null,
  baseUrl: '',
  model: demoName,
  apiKey: null,
  headers: null,
  options: {},
  extraBody: {},
  kept: {},
  timeoutMs: null,
  priceIn: 0,
  priceOut: 0,
  contextWindow: null,
  tools: true,
  images: false,
  reasoning: false,
  toolProtocol: 'native',
  visibility: 'everyone',
  allowPrivate: false,
  createdBy: null,
  createdAt: start,
  updatedAt: start,
  groups: [],
};

export function isDemo({ id }: Pick<ModelRow, 'id'>): boolean {
  return id === demoName;
}
