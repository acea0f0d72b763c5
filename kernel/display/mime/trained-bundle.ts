import type { TrainedModel } from '../../../stdlib/training/trained-model.ts';
import { count, counted } from '../amounts.ts';
import { html } from '../html.ts';
import { printable } from '../printable.ts';
import type { MimeBundle } from './bundle.ts';
import { tableBundle } from './table-bundle.ts';

/** Lines of the history that are shown: how it ended. */
const LAST_LINES = 5;

/** Known by its shape: the class brings the whole of training with it. */
export function isTrainedModel(value: object): value is TrainedModel {
	const model = value as Partial<TrainedModel>;
	return typeof model.architecture?.family === 'string' && Array.isArray(model.history) && 'weights' in model;
}

/** `fit: a classifier with 12,714 weights, trained for 120 steps`. */
export function trainedSentence({ name, architecture, parameters, history }: TrainedModel): string {
	const steps = history.at(-1)?.step ?? 0;
	return printable(
		`${name}: a ${architecture.family} with ${count(parameters)} weights, trained for ${counted(steps, 'step')}`,
	);
}

/** What a model is, and the last lines of how its training went. */
export function trainedBundle(model: TrainedModel): MimeBundle {
	const sentence = trainedSentence(model);
	const { historyTable: history } = model;
	const last = tableBundle({ ...history, rows: history.rows.slice(-LAST_LINES) });
	return {
		'text/plain': `${sentence}\n${last['text/plain']}`,
		'text/html': `${html`<p>${sentence}</p>`.text}${last['text/html']}`,
	};
}
