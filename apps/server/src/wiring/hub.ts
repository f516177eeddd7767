import manifest from '../../../../package.json' with { type: 'json' };

/** How the hub presents itself to servers and clients. */
export const hub = { name: 'switchboard', version: manifest.version } as const;
