import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteTokenizerJson } from '../../stdlib/models/lm/byte-tokenizer.ts';
import { type TransformerConfig, transformerConfig } from '../../stdlib/nets/transformer/config.ts';
import { transformerWeights } from '../../stdlib/nets/transformer/weight-specs.ts';
import { initialWeights, type WeightValue } from '../../stdlib/nets/weights.ts';
import { randomStream } from '../../stdlib/random.ts';
import { writeHuggingFace } from './hugging-face-model.ts';

export const tinyConfig = (change: Partial<TransformerConfig> = {}): TransformerConfig =>
	transformerConfig(
		{
			vocabulary: 257,
			width: 32,
			layers: 2,
			heads: 4,
			keyValueHeads: 2,
			headSize: 8,
			hidden: 48,
			context: 512,
			norm: { kind: 'rms', epsilon: 1e-5 },
			positions: { kind: 'rope', base: 10_000, size: 8, scaling: { kind: 'none' } },
			activation: 'silu',
			gated: true,
			biases: { queryKeyValue: false, output: false, feedForward: false },
			tied: true,
			...change,
		},
		'a tiny model',
	);

/** Drawn weights, ten times as spread as at the beginning of a training, so that the model has opinions. */
export function tinyWeights(config: TransformerConfig): Map<string, WeightValue> {
	const weights = initialWeights(transformerWeights(config), (name) => randomStream(7, name));
	for (const [name, { data }] of weights)
		if (data.some((value) => value !== 1)) {
			const random = randomStream(8, name);
			for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * 10 + 0.01 * random.normal();
		}
	return weights;
}

/** A folder in Hugging Face's layout with a model that nobody trained. */
export function tinyModel(change: Partial<TransformerConfig> = {}): string {
	const folder = mkdtempSync(join(tmpdir(), 'assay-tiny-model-'));
	const config = tinyConfig(change);
	writeHuggingFace(folder, config, tinyWeights(config), byteTokenizerJson());
	return folder;
}
