import { hub } from '../kit/families.ts';
import { routesOf } from '../kit/route.ts';

export const hubDialect = { name: 'hub', title: 'Hub', family: hub } as const;
export const route = routesOf(hubDialect);
