// What the cells of a row browser say, in words. See `CellJson` for their shapes.

/**
 * @typedef {{m: string, t: string}} MissingCell
 * @typedef {{c: number, p: number[], o: number | null}} ChoiceCell
 * @typedef {{r: Record<string, any>}} RecordCell
 * @typedef {{l: any[]}} ListCell
 * @typedef {{q: [string, string][]}} PromptCell
 * @typedef {{i: string, t: string}} ImageCell
 * @typedef {string | number | boolean | null | MissingCell | ChoiceCell | RecordCell | ListCell | PromptCell | ImageCell} Cell
 * @typedef {{options: readonly string[], method: string}} Shape
 */

/** @param {any} cell @returns {cell is MissingCell} */
export const isMissingCell = (cell) => typeof cell === 'object' && cell !== null && 'm' in cell;
/** @param {any} cell @returns {cell is ChoiceCell} */
export const isChoiceCell = (cell) => typeof cell === 'object' && cell !== null && 'c' in cell;
/** @param {any} cell @returns {cell is RecordCell} */
export const isRecordCell = (cell) => typeof cell === 'object' && cell !== null && 'r' in cell;
/** @param {any} cell @returns {cell is ListCell} */
export const isListCell = (cell) => typeof cell === 'object' && cell !== null && 'l' in cell;
/** @param {any} cell @returns {cell is ImageCell} */
export const isImageCell = (cell) => typeof cell === 'object' && cell !== null && 'i' in cell;
/** @param {any} cell @returns {cell is PromptCell} */
export const isPromptCell = (cell) => typeof cell === 'object' && cell !== null && 'q' in cell;

/**
 * Index of the most probable option; the first one on ties.
 * @param {ChoiceCell} cell
 * @returns {number}
 */
export const bestOf = (cell) => cell.p.indexOf(Math.max(...cell.p));

/**
 * @param {number} value
 * @returns {string}
 */
export function numberText(value) {
	if (Number.isInteger(value)) return String(value);
	return String(Number(value.toPrecision(4)));
}

/**
 * All that a cell says: what a search looks through.
 * @param {Cell} cell
 * @param {readonly Shape[]} shapes
 * @returns {string}
 */
export function cellText(cell, shapes) {
	if (cell === null) return '';
	if (typeof cell === 'string') return cell;
	if (typeof cell === 'number') return numberText(cell);
	if (typeof cell === 'boolean') return String(cell);
	if (isMissingCell(cell)) return `missing: ${cell.m} ${cell.t}`;
	if (isChoiceCell(cell)) return shapes[cell.c]?.options[bestOf(cell)] ?? '';
	if (isImageCell(cell)) return cell.t;
	if (isListCell(cell)) return cell.l.map((item) => cellText(item, shapes)).join('\n');
	if (isPromptCell(cell)) return cell.q.map(([, text]) => text).join('\n');
	return Object.values(cell.r)
		.map((field) => cellText(field, shapes))
		.join('\n');
}

/**
 * What a row is filed under, or null where a cell is no label: long texts, lists and the like.
 * @param {Cell} cell
 * @param {readonly Shape[]} shapes
 * @returns {string | null}
 */
export function labelOfCell(cell, shapes) {
	if (cell === null) return '(none)';
	if (isMissingCell(cell)) return `(missing: ${cell.m})`;
	if (typeof cell === 'object' && !isChoiceCell(cell)) return null;
	const text = cellText(cell, shapes);
	return text.length <= 60 ? text : null;
}

/** Fields that say best what a record is about, the likeliest first. */
const TELLING = ['question', 'statement', 'prompt', 'sentence', 'text', 'title', 'name', 'id'];

/**
 * A record in a few words.
 * @param {RecordCell} cell
 * @param {readonly Shape[]} shapes
 * @returns {string}
 */
export function previewOf(cell, shapes) {
	const telling = TELLING.find((name) => typeof cell.r[name] === 'string');
	if (telling) return cell.r[telling];
	const text = Object.values(cell.r).find((field) => typeof field === 'string' && field.length > 12);
	return (
		text ??
		Object.values(cell.r)
			.map((field) => cellText(field, shapes))
			.join(', ')
	);
}
