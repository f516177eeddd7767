// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { DataTable, type Sort } from './data-table.tsx';
import { LoadMore } from './load-more.tsx';
import { Pager } from './pager.tsx';
import { RemoveButton } from './remove-button.tsx';
import { columnsFor } from './table-features.ts';

interface Fruit {
  id: string;
  name: string;
  weight: number;
}

const column = columnsFor<Fruit>();
const columns = column.columns([
  column.accessor('name', { header: 'Name', sortFn: 'text', cell: ({ getValue }) => <a href="#x">{getValue()}</a> }),
  column.accessor('weight', { header: 'Weight', sortFn: 'basic' }),
  column.display({ id: 'actions', header: 'Actions', cell: () => <button type="button">Eat</button> }),
]);
const fruits: Fruit[] = [
  { id: '1', name: 'pear', weight: 170 },
  { id: '2', name: 'apple', weight: 90 },
];

function Table({ data, onRow }: { data: Fruit[] | undefined; onRow?: (fruit: Fruit) => void }) {
  const [sort, setSort] = useState<Sort>({ by: 'name', order: 'asc' });
  return (
    <DataTable
      label="Fruits"
      columns={columns}
      data={data}
      rowId={({ id }) => id}
      sort={sort}
      onSort={setSort}
      empty={<p>No fruits</p>}
      {...(onRow && { onRow })}
    />
  );
}

function names(): string[] {
  return screen.getAllByRole('link').map(({ textContent }) => textContent);
}

describe('a table', () => {
  test('is not there before its rows are, and says where there are none', async () => {
    await renderPage(<Table data={undefined} />);
    expect(screen.queryByRole('table')).toBeNull();
    expect(screen.queryByText('No fruits')).toBeNull();
  });

  test('says where it has no rows', async () => {
    await renderPage(<Table data={[]} />);
    expect(screen.getByText('No fruits')).toBeTruthy();
  });

  test('sorts up, down, and never not at all', async () => {
    const { user } = await renderPage(<Table data={fruits} />);
    expect(names()).toEqual(['apple', 'pear']);
    await user.click(screen.getByRole('button', { name: 'Weight' }));
    expect(names()).toEqual(['apple', 'pear']);
    await user.click(screen.getByRole('button', { name: 'Weight' }));
    expect(names()).toEqual(['pear', 'apple']);
    await user.click(screen.getByRole('button', { name: 'Weight' }));
    expect(screen.getByRole('columnheader', { name: 'Weight' }).getAttribute('aria-sort')).toBe('ascending');
    expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBeNull();
  });

  test('has nothing to sort by in a column without values', async () => {
    await renderPage(<Table data={fruits} />);
    expect(within(screen.getByRole('columnheader', { name: 'Actions' })).queryByRole('button')).toBeNull();
  });

  test('opens a row where it is pressed, except on what has a meaning of its own', async () => {
    const onRow = vi.fn();
    const { user } = await renderPage(<Table data={fruits} onRow={onRow} />);
    await user.click(screen.getAllByRole('button', { name: 'Eat' })[0] ?? document.body);
    await user.click(screen.getByRole('link', { name: 'apple' }));
    expect(onRow).not.toHaveBeenCalled();
    await user.click(screen.getByRole('cell', { name: '90' }));
    expect(onRow).toHaveBeenCalledWith(fruits[1]);
  });
});

describe('pages', () => {
  test.each([
    [1, 50, 50, 1],
    [1, 50, 51, 2],
    [3, 10, 25, 3],
    [1, 50, 0, 1],
  ])('are counted: page %i of size %i and %i things makes %i', async (page, size, total, pages) => {
    await renderPage(<Pager page={page} size={size} total={total} label="Things" onPage={vi.fn()} />);
    expect(screen.queryByText(`Page ${page} of ${pages}`) !== null).toBe(pages > 1);
  });

  test('are turned as far as there are any', async () => {
    const onPage = vi.fn();
    const { user } = await renderPage(<Pager page={3} size={10} total={25} label="25 things" onPage={onPage} />);
    expect(screen.getByText('25 things').getAttribute('role')).toBe('status');
    expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('button', { name: 'Previous' }));
    expect(onPage).toHaveBeenCalledWith(2);
  });
});

describe('more of a list', () => {
  function query(changes: Partial<Parameters<typeof LoadMore>[0]['query']> = {}) {
    return { hasNextPage: true, isFetchingNextPage: false, fetchNextPage: vi.fn(() => Promise.resolve()), ...changes };
  }

  test('is loaded on demand', async () => {
    const more = query();
    const { user } = await renderPage(<LoadMore query={more} searchedTo={null} />);
    await user.click(screen.getByRole('button', { name: 'Load more' }));
    expect(more.fetchNextPage).toHaveBeenCalledOnce();
  });

  test('is not offered where there is no more', async () => {
    await renderPage(<LoadMore query={query({ hasNextPage: false })} searchedTo={null} />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('says how far a search has come', async () => {
    await renderPage(<LoadMore query={query()} searchedTo={new Date('2026-11-01T08:00:00')} />);
    expect(screen.getByText(/^Searched back to .*2026/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Search further back' })).toBeTruthy();
  });
});

describe('a button that removes', () => {
  const question = { title: 'Remove pear?', body: 'It is gone then.', action: 'Remove' };

  test.each([
    ['Remove', 1],
    ['Cancel', 0],
    ['Close', 0],
  ])('does so after the answer %s: %i', async (answer, times) => {
    const onRemove = vi.fn();
    const { user } = await renderPage(
      <RemoveButton label="Remove pear" busy={false} question={question} onRemove={onRemove} />,
    );
    await user.click(screen.getByRole('button', { name: 'Remove pear' }));
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Remove pear?' }));
    // What takes nothing away has the focus.
    expect(document.activeElement?.textContent).toBe('Cancel');
    await user.click(dialog.getByRole('button', { name: answer }));
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await expect.poll(() => onRemove.mock.calls.length).toBe(times);
  });
});
