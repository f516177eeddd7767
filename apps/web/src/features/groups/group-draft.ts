import type { Group } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

/** From the least to the most, as people read them. */
export const permissionOrder = ['read', 'execute', 'write'] as const;

/** What the forms of a group hold. */
export interface GroupDraft {
  name: string;
  description: string;
  parentGroup: string;
  servers: string[];
  tools: string[];
  maxMembers: string;
  autoAssign: boolean;
  requireApproval: boolean;
}

export const emptyDraft: GroupDraft = {
  name: '',
  description: '',
  parentGroup: '',
  servers: ['read', 'execute'],
  tools: ['read', 'execute'],
  maxMembers: '',
  autoAssign: false,
  requireApproval: false,
};

export function toDraft(group: Group): GroupDraft {
  const { autoAssign, maxMembers, requireApproval } = group.settings;
  return {
    name: group.displayName,
    description: group.description,
    parentGroup: group.parentGroup ?? '',
    servers: [...group.permissions.servers],
    tools: [...group.permissions.tools],
    maxMembers: maxMembers === null ? '' : String(maxMembers),
    autoAssign,
    requireApproval,
  };
}

type Patch = Inputs['groups']['update']['patch'];
type Permissions = NonNullable<Patch['permissions']>;

function settingsOf({ maxMembers, autoAssign, requireApproval }: GroupDraft) {
  return {
    maxMembers: maxMembers.trim() === '' ? null : Number(maxMembers),
    autoAssign,
    requireApproval,
  };
}

function permissionsOf({ servers, tools }: GroupDraft) {
  return { servers, tools } as Permissions;
}

export function toCreate(draft: GroupDraft): Inputs['groups']['create'] {
  return {
    name: draft.name.trim(),
    description: draft.description,
    parentGroup: draft.parentGroup || null,
    permissions: permissionsOf(draft),
    settings: settingsOf(draft),
  };
}

/** Only what changed: who may not widen a group may still describe it. */
export function toPatch(draft: GroupDraft, before: GroupDraft): Patch {
  function same(key: keyof GroupDraft) {
    return JSON.stringify(draft[key]) === JSON.stringify(before[key]);
  }
  return {
    ...(same('name') ? {} : { displayName: draft.name.trim() }),
    ...(same('description') ? {} : { description: draft.description }),
    ...(same('parentGroup') ? {} : { parentGroup: draft.parentGroup || null }),
    ...(same('servers') && same('tools') ? {} : { permissions: permissionsOf(draft) }),
    ...(same('maxMembers') && same('autoAssign') && same('requireApproval') ? {} : { settings: settingsOf(draft) }),
  };
}
