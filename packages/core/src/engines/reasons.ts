/** The sentences about engines and the objects on them. */
export const engineSentences = {
  engineUnknown: "There is no engine '{{name}}'.",
  engineUnknownOf: "There is no engine '{{name}}'; there are: {{names}}.",
  hubLabel: '"{{name}}" is a label that only the hub may set',
  noEngine: 'No Docker Engine is configured: install Docker, or set DOCKER_HOST, and start the hub again.',
  noUnusedImage: '"{{id}}" is no unused image of yours any more: look at the preview again.',
  noUnusedNetwork: '"{{id}}" is no unused network of yours any more: look at the preview again.',
  noUnusedVolume: '"{{id}}" is no unused volume of yours any more: look at the preview again.',
} as const;
