export { approveUser, createUser, endUserSessions, getUser, register, removeUser, resetUserMfa } from './verbs.ts';
export { updateUser } from './update.ts';
export { findUsers, listUsers } from './listing.ts';
