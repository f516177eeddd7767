import { routesOf } from '../kit/route.ts';

export const route = routesOf({ name: 'hub' });
