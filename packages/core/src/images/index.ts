export { buildImage } from './build.ts';
export { getImage, listImages, previewPruneImages, pruneImages, pullImage, removeImage, tagImage } from './verbs.ts';
