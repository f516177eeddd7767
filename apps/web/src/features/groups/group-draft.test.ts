import { describe, expect, test } from 'vitest';
import { exampleGroup } from '../../testing/things.ts';
import { emptyDraft, toCreate, toDraft, toPatch } from './group-draft.ts';

describe('a new group', () => {
  test('lets its members see and use what it has, and takes everybody', () => {
    expect(toCreate({ ...emptyDraft, name: ' Data ' })).toEqual({
      name: 'Data',
      description: '',
      parentGroup: null,
      permissions: { servers: ['read', 'execute'], tools: ['read', 'execute'] },
      settings: { maxMembers: null, autoAssign: false, requireApproval: false },
    });
  });

  test('has at most so many members as are typed', () => {
    expect(toCreate({ ...emptyDraft, name: 'x', maxMembers: '12' }).settings?.maxMembers).toBe(12);
    expect(toCreate({ ...emptyDraft, name: 'x', maxMembers: ' ' }).settings?.maxMembers).toBeNull();
  });
});

describe('a change', () => {
  const before = toDraft(exampleGroup({ settings: { autoAssign: false, maxMembers: 5, requireApproval: true } }));

  test('of nothing is empty', () => {
    expect(toPatch({ ...before }, before)).toEqual({});
  });

  test.each([
    [{ name: 'Data 2 ' }, { displayName: 'Data 2' }],
    [{ description: 'All of it' }, { description: 'All of it' }],
    [{ parentGroup: 'root' }, { parentGroup: 'root' }],
    [{ servers: ['read'] }, { permissions: { servers: ['read'], tools: ['read', 'execute'] } }],
    [{ tools: [] }, { permissions: { servers: ['read', 'execute'], tools: [] } }],
    [{ maxMembers: '' }, { settings: { maxMembers: null, autoAssign: false, requireApproval: true } }],
    [{ autoAssign: true }, { settings: { maxMembers: 5, autoAssign: true, requireApproval: true } }],
  ])('of %j sends that alone, so that people who may not widen a group can still describe it', (change, patch) => {
    expect(toPatch({ ...before, ...change }, before)).toEqual(patch);
  });

  test('takes a group out of its parent', () => {
    const inside = toDraft(exampleGroup({ parentGroup: 'root' }));
    expect(toPatch({ ...inside, parentGroup: '' }, inside)).toEqual({ parentGroup: null });
  });
});
