import { decimalsFor, shortNumber } from '../../../stdlib/statistics/digits.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { type Estimate, isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { isMissing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { isTensorValue } from '../../../stdlib/values/tensor.ts';
import { count } from '../amounts.ts';
import { type EstimateStyle, isSymmetric, levelText, numberText, pText } from '../estimate-text.ts';
import { type Html, html } from '../html.ts';

/** Characters of a text in a cell before it is cut. */
const MOST_CHARACTERS = 120;

/** How the cells of one column are written, the same digits in all of them; longer texts are cut. */
export function cellWriter(
	cells: readonly unknown[],
	{ characters = MOST_CHARACTERS }: { readonly characters?: number } = {},
): (cell: unknown) => Html {
	const estimates = cells.filter(isEstimate);
	const style: EstimateStyle = {
		decimals: decimalsFor(estimates),
		signed: estimates.some((e) => e.test && e.value !== null),
	};
	return (cell) => (isEstimate(cell) ? estimateHtml(cell, style) : plainHtml(cell, characters));
}

export const isNumericColumn = (cells: readonly unknown[]): boolean => {
	const known = cells.filter((cell) => cell !== null && cell !== undefined && !isMissing(cell));
	return known.length > 0 && known.every((cell) => typeof cell === 'number' || isEstimate(cell));
};

/** `0.71 ± 0.03 (n = 400)`, and when it is pointed at how it was found. */
function estimateHtml(estimate: Estimate, style: EstimateStyle): Html {
	const { value, low, high, n, missing, test } = estimate;
	const gone = missing > 0 ? `, ${count(missing)} missing` : '';
	const size = html`<small>(n = ${count(n)}${gone})</small>`;
	if (value === null) return html`<span title="${wordsOf(estimate)}">no value ${size}</span>`;
	const p = test ? html` <small>${pText(test.p)}</small>` : null;
	const interval =
		low === null || high === null
			? ''
			: isSymmetric(estimate, style.decimals)
				? ` ± ${((high - low) / 2).toFixed(style.decimals)}`
				: ` [${low.toFixed(style.decimals)}, ${high.toFixed(style.decimals)}]`;
	return html`<span title="${wordsOf(estimate)}">${numberText(value, style)}${interval} ${size}${p}</span>`;
}

function wordsOf({ value, se, low, high, level, clusters, method, test }: Estimate): string {
	return [
		...(value === null ? [] : [`value ${shortNumber(value, 5)}`]),
		...(low === null || high === null
			? []
			: [`${levelText(level)} interval ${shortNumber(low, 5)} to ${shortNumber(high, 5)}`]),
		...(se === null ? [] : [`standard error ${shortNumber(se, 5)}`]),
		...(clusters === null ? [] : [`${count(clusters)} clusters`]),
		...(test ? [`${test.name} ${pText(test.p)}`] : []),
		method,
	].join('\n');
}

function plainHtml(cell: unknown, characters: number): Html {
	if (isMissing(cell)) return html`<i title="${cell.message}">missing: ${cell.reason}</i>`;
	if (typeof cell === 'number') return html`${Number.isNaN(cell) ? 'NaN' : shortNumber(cell)}`;
	if (cell instanceof Choice)
		return html`<span title="${choiceWords(cell)}">${cell.best} <small>${cell.bestProb.toFixed(2)}</small></span>`;
	const text = textOf(cell);
	if (text.length <= characters) return html`${text}`;
	return html`<span title="${text.slice(0, 2000)}">${text.slice(0, characters)}…</span>`;
}

const choiceWords = (choice: Choice): string =>
	choice.options.map((option, i) => `${option}: ${choice.probs[i]?.toFixed(3) ?? ''}`).join('\n');

/** A value in a line: names of models and labels, shapes of tensors, JSON of the rest. */
export function textOf(cell: unknown): string {
	if (cell === null || cell === undefined) return '–';
	if (typeof cell === 'string') return cell;
	if (typeof cell !== 'object') return String(cell);
	if (cell instanceof Labelled || cell instanceof ModelHandle) return cell.name;
	if (isTensorValue(cell)) return `tensor [${cell.shape.join(', ')}]`;
	if (isEstimate(cell)) return cell.value === null ? 'no value' : shortNumber(cell.value);
	if (cell instanceof Choice) return cell.best;
	if (Array.isArray(cell)) return `[${cell.map(textOf).join(', ')}]`;
	return `{${Object.entries(cell)
		.map(([key, value]) => `${key}: ${textOf(value)}`)
		.join(', ')}}`;
}
