import { el } from './dom.mjs';

/**
 * Lets the headers of a table sort its rows: ascending, descending, as it was.
 * @param {HTMLTableElement} table
 */
export function makeSortable(table) {
	const body = table.tBodies[0];
	const headers = [...(table.tHead?.rows[0]?.cells ?? [])];
	const original = [...(body?.rows ?? [])];
	if (!body || original.length < 2) return;
	headers.forEach((header, column) => {
		const button = el('button', { type: 'button', click: () => sortBy(column) });
		button.append(...header.childNodes);
		header.append(button);
	});

	/** @param {number} column */
	function sortBy(column) {
		const header = headers[column];
		const before = header.getAttribute('aria-sort');
		const next = before === null ? 'ascending' : before === 'ascending' ? 'descending' : null;
		for (const each of headers) each.removeAttribute('aria-sort');
		if (next) header.setAttribute('aria-sort', next);
		const sign = next === 'descending' ? -1 : 1;
		const rows = next
			? [...original].sort((a, b) => compareCells(a.cells[column], b.cells[column], sign))
			: original;
		body.append(...rows);
	}
}

/**
 * Cells without a value stay at the end either way.
 * @param {HTMLTableCellElement} a
 * @param {HTMLTableCellElement} b
 * @param {number} sign
 */
function compareCells(a, b, sign) {
	const [left, right] = [a, b].map((cell) => cell.getAttribute('data-sort') ?? cell.textContent ?? '');
	if (left === '' || right === '') return Number(left === '') - Number(right === '');
	const [x, y] = [Number(left), Number(right)];
	if (!Number.isNaN(x) && !Number.isNaN(y)) return sign * (x - y);
	return sign * left.localeCompare(right, 'en', { numeric: true });
}
