/** The sentences about volumes. */
export const volumeSentences = {
  driverOutside:
    'Nothing was made. The driver {{driver}} with options mounts what is no volume of the engine (external).',
  noVolume: 'There is no volume "{{name}}".',
} as const;
