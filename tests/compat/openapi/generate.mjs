// Makes a client of @hey-api/openapi-ts out of a document: node --import ./typescript-5.mjs generate.mjs INPUT OUTPUT
import { createClient } from '@hey-api/openapi-ts';

const [input, output] = process.argv.slice(2);
await createClient({ input, output, logs: { level: 'silent', file: false } });
