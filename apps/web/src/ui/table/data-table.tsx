import { useTable, type ColumnDef, type RowData } from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../class-names.ts';
import { SkeletonRows } from '../feedback/skeleton.tsx';
import { features } from './table-features.ts';

export interface Sort {
  by: string;
  order: 'asc' | 'desc';
}

interface DataTableProps<Row extends RowData> {
  label: string;
  // The library's own column type: each column has a value type of its own.
  columns: ReadonlyArray<ColumnDef<typeof features, Row>>;
  data: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  onRow?: (row: Row) => void;
  empty: ReactNode;
}

const none: never[] = [];

function SortMark({ direction }: { direction: 'asc' | 'desc' | false }) {
  const Icon = direction === 'asc' ? ArrowUp : direction === 'desc' ? ArrowDown : ChevronsUpDown;
  return <Icon aria-hidden className={cx('size-3 shrink-0', direction === false && 'opacity-40')} />;
}

interface SortButtonProps {
  direction: 'asc' | 'desc' | false;
  onClick: () => void;
  children: ReactNode;
}

function SortButton({ direction, onClick, children }: SortButtonProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={cx(
        '-mx-1 inline-flex items-center gap-1 rounded-sm px-1 py-0.5 hover:text-ink',
        direction !== false && 'text-ink',
      )}
    >
      {children}
      <SortMark direction={direction} />
    </button>
  );
}

/** A list of like things. Rows may be clicked anywhere; the keyboard uses the link in the first cell. */
export function DataTable<Row extends RowData>({
  label,
  columns,
  data,
  rowId,
  sort,
  onSort,
  onRow,
  empty,
}: DataTableProps<Row>) {
  const table = useTable({
    features,
    columns,
    data: data ?? none,
    getRowId: rowId,
    enableSortingRemoval: false,
    enableSorting: onSort !== undefined,
    state: { sorting: sort ? [{ id: sort.by, desc: sort.order === 'desc' }] : [] },
    onSortingChange: (update) => {
      const next =
        typeof update === 'function' ? update(sort ? [{ id: sort.by, desc: sort.order === 'desc' }] : []) : update;
      const first = next[0];
      if (first) onSort?.({ by: first.id, order: first.desc ? 'desc' : 'asc' });
    },
  });
  if (data === undefined) return <SkeletonRows rows={5} className="h-14" />;
  if (data.length === 0) return empty;
  return (
    <div className="@container relative overflow-x-auto scroll-thin">
      <table aria-label={label} className="w-full border-collapse text-left text-base">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-line">
              {group.headers.map((header) => {
                const { column } = header;
                const direction = column.getIsSorted();
                const meta = column.columnDef.meta;
                const canSort = column.getCanSort();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : undefined}
                    className={cx(
                      'h-10 px-3 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4',
                      meta?.align === 'end' && 'text-right',
                      meta?.className,
                    )}
                  >
                    {canSort ? (
                      <SortButton direction={direction} onClick={() => column.toggleSorting(direction === 'asc')}>
                        <table.FlexRender header={header} />
                      </SortButton>
                    ) : (
                      <table.FlexRender header={header} />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              onClick={(event) => {
                if (!onRow || (event.target as Element).closest('a,button,input,select,[role=switch],[role=menu]'))
                  return;
                if (getSelection()?.type !== 'Range') onRow(row.original);
              }}
              className={cx(
                'border-b border-line transition-colors last:border-0',
                onRow && 'cursor-pointer hover:bg-hover',
              )}
            >
              {row.getAllCells().map((cell) => {
                const meta = cell.column.columnDef.meta;
                return (
                  // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the cell's text comes from its column
                  <td
                    key={cell.id}
                    className={cx(
                      'h-13 px-3 py-2 first:pl-4 last:pr-4',
                      meta?.align === 'end' && 'text-right',
                      meta?.className,
                    )}
                  >
                    <table.FlexRender cell={cell} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
