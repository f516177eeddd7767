export { createVolume, getVolume, listVolumes, previewPruneVolumes, pruneVolumes, removeVolume } from './verbs.ts';
