export { createGroup, getGroup, listGroups, removeGroup, updateGroup } from './verbs.ts';
export { addServerToGroup, listGroupServers, removeServerFromGroup, updateGroupServer } from './servers.ts';
export { diffGroupVersions, listGroupVersions, restoreGroup } from './history.ts';
export { chooseGroupItems, getGroupExposure, listGroupItems, setGroupItem } from './items.ts';
export { addMember, approveMember, leaveGroup, listMembers, removeMember, updateMember } from './members.ts';
