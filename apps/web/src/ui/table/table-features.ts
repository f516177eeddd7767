import {
  createColumnHelper,
  createSortedRowModel,
  metaHelper,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
  type RowData,
} from '@tanstack/react-table';

interface ColumnMeta {
  /** Classes of the column's cells, for example to leave it out on narrow screens. */
  className?: string;
  align?: 'end';
}

/** What the page's tables can do: sort. Search and filters narrow the data before it comes here. */
export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic, text: sortFn_text },
  columnMeta: metaHelper<ColumnMeta>(),
});

export function columnsFor<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}
