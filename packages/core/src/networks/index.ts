export {
  createNetwork,
  getNetwork,
  listNetworks,
  previewPruneNetworks,
  pruneNetworks,
  removeNetwork,
} from './verbs.ts';
