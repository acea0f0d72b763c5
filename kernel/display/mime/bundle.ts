import { Data } from '../../../stdlib/values/data.ts';
import { type Figure, isFigure } from '../../../stdlib/values/figure.ts';
import { isTable, type Table } from '../../../stdlib/values/table.ts';
import { isTensorValue } from '../../../stdlib/values/tensor.ts';
import { dataBundle, frameBundle, isFrame } from './data-bundle.ts';
import { figureBundle } from './figure-bundle.ts';
import { tableBundle } from './table-bundle.ts';
import { isTfTensor, tensorBundle } from './tensor-bundle.ts';
import { isTrainedModel, trainedBundle } from './trained-bundle.ts';

/** A value as a front end may show it, by MIME type; richer types and plain text side by side. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Tables that data frames were made from: an unchanged frame is shown with its intervals. */
const tablesOfFrames = new WeakMap<object, Table>();

export function rememberTable(frame: object, table: Table): void {
	tablesOfFrames.set(frame, table);
}

/** The bundle of a value that Assay, Danfo or TensorFlow.js made; null for any other, which is shown as text. */
export function bundleOf(value: unknown): MimeBundle | null {
	if (typeof value !== 'object' || value === null) return null;
	if (isTable(value)) return tableBundle(value);
	if (isPlotly(value)) return figureBundle(value);
	if (value instanceof Data) return dataBundle(value);
	if (isTensorValue(value)) return tensorBundle(value);
	if (isTfTensor(value)) return tensorBundle(value);
	if (isTrainedModel(value)) return trainedBundle(value);
	if (isFrame(value)) {
		const table = tablesOfFrames.get(value);
		return table ? tableBundle(table) : frameBundle(value);
	}
	return null;
}

/** A figure of a study, or a specification that a person wrote: `{data: [{type: 'bar', …}], layout}`. */
function isPlotly(value: object): value is Figure {
	if (isFigure(value)) return true;
	const { data, layout } = value as { data?: unknown; layout?: unknown };
	return (
		Array.isArray(data) &&
		typeof layout === 'object' &&
		layout !== null &&
		data.length > 0 &&
		data.every((trace) => typeof trace === 'object' && trace !== null && ('type' in trace || 'y' in trace))
	);
}
