import { cellText, isChoiceCell, isMissingCell, isRecordCell, labelOfCell } from './cells.mjs';

/** Values that a filter offers, at most; a column with more is searched instead. */
const MOST_VALUES = 40;

/**
 * A column that rows can be filtered by: one of the table or one of a record in it.
 * @typedef {{name: string, values: {label: string, rows: number}[], labels: (string | null)[], at: number[] | null}} Facet
 */

/** The rows of a browser and what is asked of them. Knows nothing of the page. */
export class RowsModel {
	/** @param {import('../rows-json.ts').RowsJson} json */
	constructor(json) {
		this.json = json;
		this.length = json.columns[0] ? (json.columns[0].at ?? json.columns[0].cells).length : 0;
		/** @type {Facet[]} */
		this.facets = this.findFacets();
		/** @type {Map<string, string>} facet's name → label */
		this.filters = new Map();
		this.query = '';
		/** @type {'all' | 'missing' | 'complete'} */
		this.completeness = 'all';
		/** @type {{column: number, descending: boolean} | null} */
		this.order = null;
		/** @type {(string | undefined)[]} */
		this.haystacks = [];
		/** @type {(string | undefined)[][]} */
		this.cellHaystacks = json.columns.map(() => []);
	}

	/**
	 * @param {number} column
	 * @param {number} row
	 * @returns {any}
	 */
	cell(column, row) {
		const { cells, at } = this.json.columns[column];
		return cells[at ? at[row] : row];
	}

	/**
	 * The row's number in the eval.
	 * @param {number} row
	 * @returns {number}
	 */
	numberOf(row) {
		return this.json.rows ? this.json.rows[row] : row;
	}

	/**
	 * Rows that match everything asked, in order.
	 * @returns {number[]}
	 */
	matching() {
		const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
		const active = this.facets.filter(({ name }) => this.filters.has(name));
		const rows = [];
		for (let row = 0; row < this.length; row++) {
			if (!active.every((facet) => facetLabel(facet, row) === this.filters.get(facet.name))) continue;
			if (this.completeness !== 'all' && this.hasMissing(row) !== (this.completeness === 'missing')) continue;
			if (words.length > 0 && !this.holds(row, words)) continue;
			rows.push(row);
		}
		return this.order ? this.sorted(rows, this.order) : rows;
	}

	/** @param {number} row */
	hasMissing(row) {
		return this.json.columns.some((_, column) => isMissingCell(this.cell(column, row)));
	}

	/**
	 * @param {number} row
	 * @param {string[]} words
	 */
	holds(row, words) {
		this.haystacks[row] ??= this.haystack(row);
		const text = /** @type {string} */ (this.haystacks[row]);
		return words.every((word) => text.includes(word));
	}

	/** @param {number} row */
	haystack(row) {
		const parts = this.json.columns.map((_, column) => this.cellHaystack(column, row));
		for (const [, messages, answer] of this.json.calls?.[row] ?? []) {
			parts.push(...messages.map(([, text]) => this.json.texts[text]), this.json.texts[answer]);
		}
		return parts.join('\n').toLowerCase();
	}

	/**
	 * @param {number} column
	 * @param {number} row
	 */
	cellHaystack(column, row) {
		const index = this.json.columns[column].at?.[row] ?? row;
		const known = this.cellHaystacks[column];
		known[index] ??= cellText(this.cell(column, row), this.json.shapes);
		return known[index];
	}

	/**
	 * Numbers by size, texts by alphabet, missing cells last either way.
	 * @param {number[]} rows
	 * @param {{column: number, descending: boolean}} order
	 */
	sorted(rows, { column, descending }) {
		const keys = new Map(rows.map((row) => [row, sortKey(this.cell(column, row), this.json.shapes)]));
		const sign = descending ? -1 : 1;
		return [...rows].sort((a, b) => compareKeys(keys.get(a), keys.get(b), sign) || a - b);
	}

	/** What the study groups by first, then columns of the table, then those inside of its records. */
	findFacets() {
		const { columns, shapes } = this.json;
		/** @type {(Facet | null)[]} */
		const own = [];
		/** @type {(Facet | null)[]} */
		const inner = [];
		for (const { name, cells, at } of columns) {
			const fields = new Set(cells.flatMap((cell) => (isRecordCell(cell) ? Object.keys(cell.r) : [])));
			for (const field of fields) {
				const values = cells.map((cell) => (isRecordCell(cell) ? (cell.r[field] ?? null) : cell));
				inner.push(facetOf(`${name}.${field}`, values, at, shapes));
			}
			if (fields.size === 0) own.push(facetOf(name, cells, at, shapes));
		}
		const found = [...own, ...inner].filter((facet) => facet !== null);
		const rank = (/** @type {Facet} */ { name }) => (this.json.groups.includes(name) ? 0 : 1);
		return found.sort((a, b) => rank(a) - rank(b));
	}
}

/**
 * @param {Facet} facet
 * @param {number} row
 */
const facetLabel = ({ labels, at }, row) => labels[at ? at[row] : row];

/**
 * Null where the values are too many or no labels, or all the same.
 * @param {string} name
 * @param {readonly any[]} cells
 * @param {readonly number[] | null} at
 * @param {readonly any[]} shapes
 * @returns {Facet | null}
 */
function facetOf(name, cells, at, shapes) {
	const labels = cells.map((cell) => labelOfCell(cell, shapes));
	if (labels.some((label) => label === null)) return null;
	if (new Set(labels).size > MOST_VALUES) return null;
	const counts = new Map();
	for (const index of at ?? cells.keys()) counts.set(labels[index], (counts.get(labels[index]) ?? 0) + 1);
	if (counts.size < 2 || (counts.size > 12 && counts.size > (at ?? cells).length / 2)) return null;
	const values = [...counts].map(([label, rows]) => ({ label, rows }));
	values.sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
	return { name, values, labels, at: at && [...at] };
}

/**
 * @param {any} cell
 * @param {readonly any[]} shapes
 * @returns {number | string | null}
 */
function sortKey(cell, shapes) {
	if (cell === null || isMissingCell(cell)) return null;
	if (typeof cell === 'number') return cell;
	if (typeof cell === 'boolean') return Number(cell);
	if (isChoiceCell(cell)) return Math.max(...cell.p);
	return cellText(cell, shapes);
}

/**
 * @param {number | string | null | undefined} a
 * @param {number | string | null | undefined} b
 * @param {number} sign
 */
function compareKeys(a, b, sign) {
	if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
	if (b === null || b === undefined) return -1;
	if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
	return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}
