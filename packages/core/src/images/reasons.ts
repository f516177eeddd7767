/** The sentences about images and builds. */
export const imageSentences = {
  buildUnclear: 'What this build reads cannot be told, so it needs container.unconfined. {{unclear}}',
  folderNotAllowed: 'context.path {{folder}} lies outside the allowed folders (host-paths).',
  mostImages: 'It reads more than {{most}} images.',
  mustBeInside: '"{{path}}" has to be a path inside the build\'s folder',
  noImage: 'There is no image "{{image}}" on the engine.',
  pullFirst: '{{reason}} Pull it first: a build without container.unconfined reads only images that are there.',
  registryRefused:
    'The registry of "{{image}}" may not be asked: {{reason}}. That needs container.unconfined, or an image of this registry in CONTAINER_IMAGES.',
  tagNotYours: '"{{tag}}" names an image that is not yours: choose another name.',
} as const;
