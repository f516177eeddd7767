import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { referencesOf } from '@switchboard/agents/graphs';
import { tables } from '@switchboard/db';
import { visibilities } from '@switchboard/db/words';
import { namesOf, ownerOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { parseInput } from '../verb.ts';
import { saidOnly } from '../versions/said.ts';
import { loadGraphs } from './queries.ts';
import { graphConfig } from './schema.ts';
import { shareGraph, storeGraph } from './verbs.ts';

const { graphs } = tables;

const Entry = z.strictObject({
  visibility: z.enum(visibilities).default('private'),
  groups: z.array(z.string().max(64)).max(50).default([]),
  owner: z.string().max(128).optional(),
  config: z.record(z.string(), z.unknown()),
});

/** Graphs of agents, by name. */
export const graphsInFile: Section = {
  name: 'graphs',
  tables: ['graphs', 'group_graphs'],
  rights: { read: 'graph.read', write: 'graph.create' },
  entry: Entry,
  after({ config }) {
    const { data } = graphConfig.safeParse(typeof config === 'object' ? { ...config, name: 'x' } : config);
    return data ? referencesOf(data).subgraphs : [];
  },
  async read(ctx) {
    const people = await namesOf(ctx.db);
    const rows = (await loadGraphs(ctx.db)).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return new Map(
      rows.map(({ name, visibility, groups, createdBy, config }): [string, FileEntry] => {
        const { name: _name, ...own } = config;
        return [name, { visibility, ...saidOnly({ groups, owner: people.get(createdBy ?? '') }), config: own }];
      }),
    );
  },
  async write(ctx, name, told, before) {
    const createdBy = await ownerOf(ctx, told, before);
    const { visibility, groups, config } = parseInput(Entry, told);
    const { row } = await storeGraph(ctx, {
      config: parseInput(graphConfig, { ...config, name }),
      replace: before !== null,
    });
    await shareGraph(ctx, { id: row.id, visibility, groups });
    await ctx.db.update(graphs).set({ createdBy }).where(eq(graphs.id, row.id));
  },
};
