import {
	bestOf,
	cellText,
	isChoiceCell,
	isImageCell,
	isListCell,
	isMissingCell,
	isPromptCell,
	isRecordCell,
	numberText,
	previewOf,
} from './cells.mjs';
import { el, grouped } from './dom.mjs';
import { rowDetails } from './row-details.mjs';
import { RowsModel } from './rows-model.mjs';

/** Filters that are always in sight; further ones open on demand. */
const FILTERS_SHOWN = 8;
const PAGE_SIZES = [25, 50, 100];
/** Characters of a cell in the table; the row's details have all. */
const CELL_LENGTH = 140;

/** The table of an eval's rows: only the rows of one page are elements at any time. */
export class RowBrowser {
	/**
	 * @param {HTMLElement} place
	 * @param {import('../rows-json.ts').RowsJson} json
	 */
	constructor(place, json) {
		this.model = new RowsModel(json);
		this.page = 0;
		this.pageSize = PAGE_SIZES[0];
		/** @type {Set<number>} */
		this.open = new Set();
		this.rows = this.model.matching();
		this.status = el('p', { class: 'status', role: 'status' });
		this.body = el('tbody');
		this.head = el('thead');
		this.pager = el('div', { class: 'pager' });
		place.append(this.tools(), this.status, this.table(json.id), this.pager);
		this.show();
	}

	tools() {
		const search = el('input', {
			type: 'search',
			placeholder: 'Search in all texts',
			'aria-label': 'Search in all texts',
			input: () => this.later(search),
		});
		const missing = this.select(
			'missing values',
			[
				['all', 'all rows'],
				['missing', 'only rows with a missing value'],
				['complete', 'only rows without'],
			],
			(value) => {
				this.model.completeness = /** @type {any} */ (value);
			},
		);
		const filters = this.model.facets.map((facet) => this.facetSelect(facet));
		const rest = filters.slice(FILTERS_SHOWN);
		const reset = el(
			'button',
			{ type: 'button', class: 'quiet', click: () => this.reset() },
			'Clear filters',
		);
		return el(
			'form',
			{ class: 'tools', submit: (/** @type {Event} */ event) => event.preventDefault() },
			el('label', { class: 'search' }, el('span', {}, 'search'), search),
			...filters.slice(0, FILTERS_SHOWN),
			this.hasAnyMissing() ? missing : null,
			reset,
			rest.length > 0
				? el(
						'details',
						{ class: 'more' },
						el('summary', {}, `${rest.length} more filters`),
						el('div', { class: 'tools' }, ...rest),
					)
				: null,
		);
	}

	hasAnyMissing() {
		return this.model.json.columns.some(({ cells }) => cells.some(isMissingCell));
	}

	/**
	 * @param {string} label
	 * @param {[string, string][]} options
	 * @param {(value: string) => void} choose
	 */
	select(label, options, choose) {
		const select = /** @type {HTMLSelectElement} */ (
			el(
				'select',
				{
					// Its name would otherwise have the options in it.
					'aria-label': label,
					change: () => {
						choose(select.value);
						this.refresh();
					},
				},
				...options.map(([value, text]) => el('option', { value }, text)),
			)
		);
		return el('label', {}, el('span', { 'aria-hidden': 'true' }, label), select);
	}

	/** @param {import('./rows-model.mjs').Facet} facet */
	facetSelect({ name, values }) {
		const options = /** @type {[string, string][]} */ (
			values.map(({ label, rows }) => [`=${label}`, `${label} (${grouped(rows)})`])
		);
		return this.select(name, [['', 'any'], ...options], (value) => {
			if (value === '') this.model.filters.delete(name);
			else this.model.filters.set(name, value.slice(1));
		});
	}

	/** @param {HTMLElement} search */
	later(search) {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			this.model.query = /** @type {HTMLInputElement} */ (search).value;
			this.refresh();
		}, 150);
	}

	reset() {
		clearTimeout(this.timer);
		this.model.filters.clear();
		this.model.query = '';
		this.model.completeness = 'all';
		const form = this.body.closest('.browser')?.querySelector('form');
		form?.reset();
		this.refresh();
	}

	refresh() {
		this.rows = this.model.matching();
		this.page = 0;
		this.open.clear();
		this.show();
	}

	/** @param {string} id */
	table(id) {
		const { columns } = this.model.json;
		const sorters = columns.map(({ name, cells }, column) => {
			const button = el('button', { type: 'button', click: () => this.sort(column) }, name);
			return el('th', { scope: 'col', class: isNumeric(cells) ? 'num' : '', 'data-column': column }, button);
		});
		this.head.append(el('tr', {}, el('th', { scope: 'col', class: 'num' }, 'row'), ...sorters));
		const table = el(
			'table',
			{ class: 'rows' },
			el('caption', { class: 'sr' }, `Rows of ${id}`),
			this.head,
			this.body,
		);
		return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Rows of ${id}` }, table);
	}

	/** Ascending, descending, as it was. @param {number} column */
	sort(column) {
		const { order } = this.model;
		if (order?.column !== column) this.model.order = { column, descending: false };
		else this.model.order = order.descending ? null : { column, descending: true };
		for (const th of this.head.querySelectorAll('th[data-column]')) {
			const own =
				this.model.order?.column === Number(th.getAttribute('data-column')) ? this.model.order : null;
			if (own) th.setAttribute('aria-sort', own.descending ? 'descending' : 'ascending');
			else th.removeAttribute('aria-sort');
		}
		this.refresh();
	}

	get pages() {
		return Math.max(1, Math.ceil(this.rows.length / this.pageSize));
	}

	show() {
		const first = this.page * this.pageSize;
		const shown = this.rows.slice(first, first + this.pageSize);
		const all = this.model.length;
		const matching =
			this.rows.length === all
				? `${grouped(all)} rows`
				: `${grouped(this.rows.length)} of ${grouped(all)} rows match`;
		this.status.textContent =
			shown.length > 0
				? `${matching}; ${grouped(first + 1)} to ${grouped(first + shown.length)} shown`
				: matching;
		this.body.replaceChildren(...shown.flatMap((row) => this.rowElements(row)));
		if (shown.length === 0)
			this.body.append(
				el(
					'tr',
					{},
					el('td', { class: 'none', colspan: this.model.json.columns.length + 1 }, 'no row matches'),
				),
			);
		this.showPager();
	}

	/** @param {number} row */
	rowElements(row) {
		const open = this.open.has(row);
		const number = grouped(this.model.numberOf(row) + 1);
		const toggle = el(
			'button',
			{
				type: 'button',
				class: 'toggle',
				'aria-expanded': String(open),
				'aria-label': `Details of row ${number}`,
				click: () => this.toggle(row),
			},
			number,
		);
		const cells = this.model.json.columns.map((_, column) => this.shortCell(this.model.cell(column, row)));
		const line = el(
			'tr',
			{
				class: open ? 'line-row open' : 'line-row',
				click: (/** @type {MouseEvent} */ event) => this.clicked(event, row),
			},
			el('th', { scope: 'row', class: 'num' }, toggle),
			...cells,
		);
		if (!open) return [line];
		return [
			line,
			el(
				'tr',
				{ class: 'details-row' },
				el('td', { colspan: cells.length + 1 }, rowDetails(this.model, row)),
			),
		];
	}

	/** A click anywhere on a row opens it, but not one that selects text. @param {MouseEvent} event @param {number} row */
	clicked(event, row) {
		const target = /** @type {Element} */ (event.target);
		if (target.closest('button') || String(getSelection())) return;
		this.toggle(row);
	}

	/** @param {number} row */
	toggle(row) {
		if (!this.open.delete(row)) this.open.add(row);
		const at = this.rows.indexOf(row) - this.page * this.pageSize;
		this.show();
		/** @type {HTMLElement | undefined} */ (this.body.querySelectorAll('.toggle')[at])?.focus({
			preventScroll: true,
		});
	}

	/** @param {any} cell */
	shortCell(cell) {
		const { shapes } = this.model.json;
		if (cell === null) return el('td', {}, el('span', { class: 'none' }, '–'));
		if (typeof cell === 'number') return el('td', { class: 'num' }, numberText(cell));
		if (typeof cell === 'boolean') return el('td', {}, el('span', { class: `bool ${cell}` }, String(cell)));
		if (isMissingCell(cell))
			return el('td', {}, el('span', { class: 'missing', title: cell.t }, `missing: ${cell.m}`));
		if (isChoiceCell(cell)) return el('td', {}, this.shortChoice(cell));
		if (isImageCell(cell))
			return el('td', {}, el('img', { class: 'pixels small', src: cell.i, alt: cell.t }));
		if (isRecordCell(cell)) return textCell(previewOf(cell, shapes));
		if (isListCell(cell)) return textCell(cell.l.map((item) => cellText(item, shapes)).join(' | '));
		if (isPromptCell(cell)) return textCell(cellText(cell, shapes));
		return textCell(cell);
	}

	/** @param {any} cell */
	shortChoice(cell) {
		const best = bestOf(cell);
		const fill = el('span', { class: 'fill' });
		fill.style.width = `${100 * cell.p[best]}%`;
		return el(
			'span',
			{ class: 'short-choice' },
			el('span', { class: 'name', dir: 'auto' }, this.model.json.shapes[cell.c]?.options[best] ?? ''),
			el('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
			el('span', { class: 'number' }, cell.p[best].toFixed(2)),
		);
	}

	showPager() {
		const { page, pages } = this;
		const step = (/** @type {string} */ text, /** @type {number} */ to) =>
			el(
				'button',
				{ type: 'button', disabled: to < 0 || to >= pages || to === page, click: () => this.goTo(to) },
				text,
			);
		const input = /** @type {HTMLInputElement} */ (
			el('input', {
				type: 'number',
				min: 1,
				max: pages,
				value: page + 1,
				'aria-label': 'Page',
				change: () => this.goTo(Number(input.value) - 1),
			})
		);
		const sizes = /** @type {HTMLSelectElement} */ (
			el(
				'select',
				{
					'aria-label': 'Rows on a page',
					change: () => {
						this.pageSize = Number(sizes.value);
						this.goTo(0);
					},
				},
				...PAGE_SIZES.map((size) =>
					el('option', { value: size, selected: size === this.pageSize }, `${size} a page`),
				),
			)
		);
		this.pager.replaceChildren(
			step('First', 0),
			step('Previous', page - 1),
			el('label', {}, 'page ', input, ` of ${grouped(pages)}`),
			step('Next', page + 1),
			step('Last', pages - 1),
			sizes,
		);
	}

	/** @param {number} page */
	goTo(page) {
		this.page = Math.max(0, Math.min(this.pages - 1, Math.floor(page) || 0));
		this.open.clear();
		this.show();
	}
}

/** @param {readonly any[]} cells */
function isNumeric(cells) {
	const known = cells.filter((cell) => cell !== null && !isMissingCell(cell));
	return known.length > 0 && known.every((cell) => typeof cell === 'number');
}

/** @param {string} text */
function textCell(text) {
	const line = text.replace(/\s+/g, ' ').trim();
	const short = line.length > CELL_LENGTH ? `${line.slice(0, CELL_LENGTH - 1)}…` : line;
	return el(
		'td',
		{ class: short.length > 32 ? 'text-cell' : 'short' },
		el('span', { class: 'clamp', dir: 'auto' }, short),
	);
}
