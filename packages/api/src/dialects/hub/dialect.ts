import { world } from '../kit/example-world.ts';
import { routesOf } from '../kit/route.ts';

const { serverId, userId, groupId, keyId } = world;

export const route = routesOf({ name: 'hub', shown: { serverId, userId, groupId, keyId } });
