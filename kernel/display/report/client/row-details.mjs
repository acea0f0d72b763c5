import {
	bestOf,
	isChoiceCell,
	isImageCell,
	isListCell,
	isMissingCell,
	isPromptCell,
	isRecordCell,
	numberText,
} from './cells.mjs';
import { el } from './dom.mjs';

/**
 * Everything about a row: what it was given, what was computed, and the calls behind it.
 * @param {import('./rows-model.mjs').RowsModel} model
 * @param {number} row
 * @returns {HTMLElement}
 */
export function rowDetails(model, row) {
	const { columns, shapes, calls, texts } = model.json;
	const part = (/** @type {'given' | 'field'} */ role, /** @type {string} */ title) => {
		const entries = columns.flatMap(({ name, role: own }, column) =>
			own === role ? [entry(name, model.cell(column, row), shapes)] : [],
		);
		return entries.length > 0
			? el('div', { class: 'part' }, el('h4', {}, title), el('dl', { class: 'entries' }, ...entries))
			: null;
	};
	const made = calls?.[row] ?? [];
	const talks = made.map(([field, messages, answer]) =>
		conversation(
			field,
			messages.map(([role, text]) => [role, texts[text]]),
			texts[answer],
		),
	);
	return el(
		'div',
		{ class: 'details' },
		part('field', 'Computed'),
		part('given', 'Given'),
		talks.length > 0 ? el('div', { class: 'part talks' }, el('h4', {}, 'Model calls'), ...talks) : null,
	);
}

/**
 * A name and its value; records get the whole width.
 * @param {string} name
 * @param {any} cell
 * @param {readonly any[]} shapes
 */
const entry = (name, cell, shapes) =>
	el(
		'div',
		{ class: isRecordCell(cell) ? 'wide' : '' },
		el('dt', {}, name),
		el('dd', {}, fullCell(cell, shapes)),
	);

/**
 * A cell in full.
 * @param {any} cell
 * @param {readonly any[]} shapes
 * @returns {Node}
 */
export function fullCell(cell, shapes) {
	if (cell === null) return el('span', { class: 'none' }, '–');
	if (typeof cell === 'number') return el('span', { class: 'number' }, numberText(cell));
	if (typeof cell === 'boolean') return el('span', { class: `bool ${cell}` }, String(cell));
	if (typeof cell === 'string') return el('div', { class: 'text', dir: 'auto' }, cell);
	if (isMissingCell(cell))
		return el(
			'div',
			{},
			el('span', { class: 'missing' }, `missing: ${cell.m}`),
			cell.t ? el('div', { class: 'why' }, cell.t) : null,
		);
	if (isChoiceCell(cell)) return choiceBars(cell, shapes[cell.c]);
	if (isImageCell(cell)) return el('img', { class: 'pixels', src: cell.i, alt: cell.t });
	if (isPromptCell(cell)) return el('div', {}, ...cell.q.map(([role, text]) => bubble(role, text)));
	if (isListCell(cell))
		return el(
			'ol',
			{ class: 'list', start: 0 },
			...cell.l.map((item) => el('li', {}, fullCell(item, shapes))),
		);
	if (isRecordCell(cell))
		return el(
			'dl',
			{ class: 'entries' },
			...Object.entries(cell.r).map(([name, field]) => entry(name, field, shapes)),
		);
	return document.createTextNode('');
}

/**
 * Options with their probabilities as bars.
 * @param {any} cell
 * @param {import("./cells.mjs").Shape} shape
 */
function choiceBars(cell, shape) {
	const best = bestOf(cell);
	const bars = cell.p.map((/** @type {number} */ p, /** @type {number} */ i) => {
		const fill = el('span', { class: 'fill' });
		fill.style.width = `${100 * p}%`;
		return el(
			'div',
			{ class: i === best ? 'option best' : 'option' },
			el('span', { class: 'name', dir: 'auto' }, shape.options[i] ?? ''),
			el('span', { class: 'bar' }, fill),
			el('span', { class: 'number' }, p.toFixed(3)),
		);
	});
	const outside =
		cell.o === null
			? 'probability of anything else unknown'
			: `anything else ${cell.o.toFixed(3)} before normalising`;
	return el('div', { class: 'choice' }, ...bars, el('div', { class: 'how' }, `${shape.method}; ${outside}`));
}

/**
 * @param {string} field
 * @param {any[][]} messages
 * @param {string} answer
 */
function conversation(field, messages, answer) {
	return el(
		'div',
		{ class: 'talk' },
		el('h5', {}, field),
		...messages.map(([role, text], i) =>
			bubble(role === 'assistant' && i === messages.length - 1 ? 'assistant, given' : role, text),
		),
		bubble('answer', answer),
	);
}

/**
 * @param {string} role
 * @param {string} text
 */
const bubble = (role, text) =>
	el(
		'div',
		{ class: `bubble ${role.split(',')[0]}` },
		el('span', { class: 'role' }, role),
		el('div', { class: 'text', dir: 'auto' }, text),
	);
