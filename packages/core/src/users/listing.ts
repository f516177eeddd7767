import { and, asc, count, desc, eq, gte, inArray, isNotNull, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { contains } from '../contains.ts';
import { verb } from '../verb.ts';
import { groupsOfUsers, toUser } from './queries.ts';
import { FindUsers, ListUsers, type FoundUser, type UserPage } from './schema.ts';

const { groupMembers, users } = tables;

/** The searched texts of a profile: each value, and the name in both orders. */
const profileTexts = [
  sql`(select string_agg(value, ' ') from jsonb_each_text(${users.profile}))`,
  sql`concat(${users.profile} ->> 'firstName', ${users.profile} ->> 'lastName')`,
  sql`concat(${users.profile} ->> 'lastName', ${users.profile} ->> 'firstName')`,
];

const statusConditions = {
  disabled: eq(users.disabled, true),
  pending: and(eq(users.disabled, false), isNull(users.approvedAt)),
  enabled: and(eq(users.disabled, false), isNotNull(users.approvedAt)),
} as const;

function conditionOf(input: ListUsers): SQL | undefined {
  function inGroup(groupIds: string[]) {
    return sql`exists (select 1 from ${groupMembers} where ${groupMembers.userId} = ${users.id} and ${inArray(groupMembers.groupId, groupIds)})`;
  }
  return and(
    contains(input.search, [users.username, users.email, users.fullName, ...profileTexts]),
    input.role && inArray(users.role, input.role),
    input.status && or(...input.status.map((status) => statusConditions[status]), sql`false`),
    input.group && inGroup(input.group),
    input.enabled === undefined ? undefined : eq(users.disabled, !input.enabled),
    input.approved === undefined ? undefined : input.approved ? isNotNull(users.approvedAt) : isNull(users.approvedAt),
    input.createdAfter && gte(users.createdAt, input.createdAfter),
    input.createdBefore && lt(users.createdAt, input.createdBefore),
    input.lastLoginAfter && gte(users.lastLoginAt, input.lastLoginAfter),
  );
}

const sortColumns = {
  username: sql`lower(${users.username})`,
  email: sql`lower(${users.email})`,
  role: users.role,
  createdAt: users.createdAt,
  lastLoginAt: users.lastLoginAt,
} as const;

/** Every account, for admins; newest first unless asked otherwise. */
export const listUsers = verb(
  { name: 'user.list', access: 'read', input: ListUsers },
  async (ctx, input): Promise<UserPage> => {
    const condition = conditionOf(input);
    const order = input.order ?? (input.sort ? 'asc' : 'desc');
    const direction = order === 'asc' ? asc : desc;
    const column = sortColumns[input.sort ?? 'createdAt'];
    const [rows, [total]] = await Promise.all([
      ctx.db
        .select()
        .from(users)
        .where(condition)
        .orderBy(sql`${direction(column)} nulls last`, direction(users.id))
        .limit(input.limit)
        .offset((input.page - 1) * input.limit),
      ctx.db.select({ users: count() }).from(users).where(condition),
    ]);
    const inGroups = await groupsOfUsers(
      ctx.db,
      rows.map(({ id }) => id),
    );
    return { items: rows.map((row) => toUser(row, inGroups.get(row.id) ?? [])), total: total?.users ?? 0 };
  },
);

/** Names of accounts, for who adds members to a group. */
export const findUsers = verb(
  { name: 'user.find', access: 'read', input: FindUsers },
  async (ctx, input): Promise<FoundUser[]> => {
    const named = contains(input.search, [users.username, users.fullName]);
    return ctx.db
      .select({ id: users.id, username: users.username, fullName: users.fullName })
      .from(users)
      .where(and(eq(users.disabled, false), named))
      .orderBy(asc(sql`lower(${users.username})`))
      .limit(input.limit);
  },
);
