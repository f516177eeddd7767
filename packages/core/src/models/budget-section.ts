import { isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { budgetMeasures, budgetPeriods } from '@switchboard/db/words';
import { idOfPerson, namesOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { parseInput } from '../verb.ts';
import { setBudget } from './budgets.ts';
import { SetBudget } from './schema.ts';

const { modelBudgets } = tables;
const Most = SetBudget.shape.most;
const Entry = z.strictObject({
  day: z.strictObject({ tokens: Most.optional(), money: Most.optional() }).default({}),
  month: z.strictObject({ tokens: Most.optional(), money: Most.optional() }).default({}),
});

/** The budgets of people for models, by user name; those of keys are stored with the keys. */
export const budgetsInFile: Section = {
  name: 'budgets',
  tables: ['model_budgets'],
  rights: { read: 'budget.read', write: 'budget.configure' },
  entry: Entry,
  async read(ctx) {
    const people = await namesOf(ctx.db);
    const rows = await ctx.db.select().from(modelBudgets).where(isNotNull(modelBudgets.userId));
    const told = new Map<string, FileEntry>();
    for (const [id, own] of Map.groupBy(rows, ({ userId }) => userId ?? '')) {
      const name = people.get(id);
      if (name === undefined) continue;
      const periods = budgetPeriods.flatMap((period) => {
        const ofPeriod = budgetMeasures.flatMap((measure) => {
          const row = own.find((one) => one.period === period && one.measure === measure);
          return row ? [[measure, row.most]] : [];
        });
        return ofPeriod.length > 0 ? [[period, Object.fromEntries(ofPeriod)]] : [];
      });
      told.set(name, Object.fromEntries(periods));
    }
    return new Map([...told].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  },
  write: () => Promise.resolve(),
  async finish(ctx, name, told) {
    const userId = await idOfPerson(ctx.db, name, '');
    const entry = parseInput(Entry, told);
    for (const period of budgetPeriods) {
      for (const measure of budgetMeasures) {
        await setBudget(ctx, { userId, period, measure, most: entry[period][measure] ?? null });
      }
    }
  },
};
