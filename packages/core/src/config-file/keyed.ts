import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';

/** Rows by a name that may repeat: the second of a name is called `name #2`. */
export function keyedBy<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, Row> {
  const keyed = new Map<string, Row>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    let count = (counts.get(name) ?? 0) + 1;
    while (keyed.has(count === 1 ? name : `${name} #${count}`)) count += 1;
    counts.set(name, count);
    keyed.set(count === 1 ? name : `${name} #${count}`, row);
  }
  const order = new Intl.Collator('en', { numeric: true });
  return new Map([...keyed].toSorted(([one], [other]) => order.compare(one, other) || (one < other ? -1 : 1)));
}

/** Refuses a key under which the file would not find again what it makes: the next file would make another one. */
export function requireOwnKey(keyed: ReadonlyMap<string, unknown>, key: string, name: string): void {
  let count = 1;
  while (keyed.has(count === 1 ? name : `${name} #${count}`)) count += 1;
  const own = count === 1 ? name : `${name} #${count}`;
  if (key !== own) throw invalidField('name', say('keyIsName', { name: own }));
}
