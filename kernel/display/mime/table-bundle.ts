import type { Table } from '../../../stdlib/values/table.ts';
import { count } from '../amounts.ts';
import { legendSentence, tableLegend } from '../table-legend.ts';
import { textTable } from '../text-table.ts';
import type { MimeBundle } from './bundle.ts';
import { cellWriter, isNumericColumn } from './cell-html.ts';
import { gridHtml, shownRows } from './grid-html.ts';

const MOST_ROWS = 60;
/** Columns of the plain text, for front ends that show nothing else. */
const TEXT_WIDTH = 120;

/** A table of results: every number with its interval and n, how they were made, and what must be said with them. */
export function tableBundle(table: Table): MimeBundle {
	const cells = table.columns.map(({ name }) => table.rows.map((row) => row[name]));
	const write = cells.map((column) => cellWriter(column));
	const legend = tableLegend(table);
	const hidden = table.rows.length - MOST_ROWS;
	return {
		'text/plain': textTable(table, { width: TEXT_WIDTH, rows: MOST_ROWS }),
		'text/html': gridHtml({
			columns: table.columns.map(({ name }, i) => ({ name, numeric: isNumericColumn(cells[i] ?? []) })),
			rows: shownRows(table.rows.length, MOST_ROWS).map((row) =>
				row === null ? null : write.map((writer, column) => writer(cells[column]?.[row])),
			),
			notes: [
				...(hidden > 0
					? [`${count(table.rows.length)} rows; the first and last ${MOST_ROWS >> 1} are shown`]
					: []),
				...(table.rows.length === 0 ? ['no rows'] : []),
				...(legend ? [legendSentence(legend)] : []),
			],
			notices: table.notices,
		}),
	};
}
