import path from 'node:path';

/** The scripted server. `npm test` has each SDK's in one file, which starts in half of the time. */
export const scriptedProgram = process.env['SCRIPTED_SERVER'] ?? path.join(import.meta.dirname, 'main.ts');
