export { diffConfigurationVersions, listConfigurationVersions, restoreConfiguration } from './history.ts';
export type { LiveSettings } from './live-settings.ts';
export { changeConfiguration, getConfiguration, publicAppearance, resetConfiguration } from './verbs.ts';
