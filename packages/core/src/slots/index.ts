export { fillSlots, getSlots, listSlots } from './verbs.ts';
