import { world } from '../kit/example-world.ts';
import { routesOf } from '../kit/route.ts';

export const route = routesOf({ name: 'openai', shown: { model: world.model } });
