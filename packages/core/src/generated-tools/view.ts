import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { changesOf } from './content.ts';
import { mainOf } from './files.ts';
import type { ToolRow } from './queries.ts';
import { wordsOf, type GeneratedTool, type GeneratedToolDetail } from './schema.ts';

/** The columns of a tool that a list needs. */
export interface ListedTool extends Pick<ToolRow, 'dependencies' | 'hash' | 'reviewedAt' | 'createdAt' | 'updatedAt'> {
  /** The hosts that were granted at the last review. */
  hosts: string[] | null;
}

/** One tool as this actor may see it. */
export function toTool(ctx: Ctx, server: ServerRow, tool: ListedTool): GeneratedTool {
  const configure = may(ctx, 'server.configure', serverResource(server));
  const { dependencies, hash, hosts, reviewedAt, createdAt, updatedAt } = tool;
  const isReviewed = server.reviewed === hash;
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    state: isReviewed && server.desired !== 'disabled' ? 'enabled' : 'disabled',
    reviewed: isReviewed,
    hash,
    hosts: isReviewed ? (hosts ?? []) : [],
    dependencies: wordsOf(dependencies),
    reviewedAt,
    createdBy: server.createdBy,
    createdAt,
    updatedAt,
    can: { configure, enable: configure && may(ctx, 'server.run-process') },
  };
}

/** The same with all that it is made of. */
export function toDetail(ctx: Ctx, server: ServerRow, tool: ToolRow): GeneratedToolDetail {
  const { files, readme, dependencies, reviewed } = tool;
  return {
    ...toTool(ctx, server, { ...tool, hosts: reviewed?.hosts ?? null }),
    files,
    readme,
    dependencies,
    main: mainOf(files.map(({ path }) => path)) ?? '',
    before: reviewed,
    changes: changesOf(reviewed, tool),
  };
}
