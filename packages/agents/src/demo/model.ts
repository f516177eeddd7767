import type { Model } from '../types.ts';

/** The model that is built in: it needs no key and no network, and says that it is scripted. */
export const demoModel: Model = {
  name: 'demo',
  protocol: 'demo',
  baseUrl: '',
  apiKey: null,
  model: 'demo',
  allowPrivate: false,
};
