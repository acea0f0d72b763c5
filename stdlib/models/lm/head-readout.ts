import { RowBatches } from '../../training/row-batches.ts';
import type { TrainedModel } from '../../training/trained-model.ts';
import { languageModelConfig } from './language-model-family.ts';
import { paddedLength } from './preference-trainable.ts';
import { valuesAtEnd } from './scalar-head.ts';
import type { Token } from './tokenizer.ts';
import { type TextEncoder, textEncoder } from './trainable.ts';

type Asked = readonly Token[];

const gatherers = new WeakMap<TrainedModel, RowBatches<Asked, number>>();
const encoders = new WeakMap<TrainedModel, Promise<TextEncoder>>();

/** Texts of a pass: a whole decoder runs over each. */
const MOST = 16;

/** How a trained model's texts become tokens. */
export function encoderOf(model: TrainedModel): Promise<TextEncoder> {
	const known = encoders.get(model) ?? textEncoder(languageModelConfig(model.architecture));
	encoders.set(model, known);
	return known;
}

/** The number that the head of a trained model gives at the end of a text; texts of one moment are read together. */
export function readHead(model: TrainedModel, head: string, text: Asked): Promise<number> {
	const batches = gatherers.get(model) ?? new RowBatches((rows) => valuesOf(model, head, rows), MOST);
	gatherers.set(model, batches);
	return batches.ask(text);
}

async function valuesOf(model: TrainedModel, head: string, texts: readonly Asked[]): Promise<number[]> {
	const { tf, pass } = await model.open();
	const length = paddedLength(Math.max(...texts.map((text) => text.length)));
	const tokens = new Int32Array(texts.length * length);
	for (const [row, text] of texts.entries()) tokens.set(text, row * length);
	const found = tf.tidy(() =>
		valuesAtEnd(
			model.architecture,
			head,
			tf.tensor2d(tokens, [texts.length, length], 'int32'),
			tf.tensor1d(
				Int32Array.from(texts, (text) => text.length - 1),
				'int32',
			),
			pass,
		),
	);
	const values = [...(await found.data())];
	found.dispose();
	return values;
}
