import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from '../../nets/graph.ts';
import { describeWeights, hashFile, type Weights } from '../gguf-file.ts';
import { weightFiles } from './model-folder.ts';
import { safetensorsHeader } from './safetensors-header.ts';

/** What is known of a model without loading it: of a GGUF file, or of a folder in Hugging Face's layout. */
export const describeModel = (path: string): Weights =>
	statSync(path).isDirectory() ? describeFolder(path) : describeWeights(path);

const known = new Map<string, { readonly stamp: string; readonly weights: Weights }>();

/** The hash is of all files that the answers depend on. */
function describeFolder(folder: string): Weights {
	const shards = weightFiles(folder);
	const files = [...shards, ...SETTINGS.map((name) => join(folder, name)).filter((path) => existsSync(path))];
	const stamp = files.map((path) => `${path}:${statSync(path).size}:${statSync(path).mtimeMs}`).join();
	const kept = known.get(folder);
	if (kept?.stamp === stamp) return kept.weights;
	const tensors = shards.flatMap(safetensorsHeader);
	const weights = {
		sha256: createHash('sha256').update(files.map(hashFile).join()).digest('hex'),
		parameters: tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
		bytes: shards.reduce((sum, path) => sum + statSync(path).size, 0),
	};
	known.set(folder, { stamp, weights });
	return weights;
}

const SETTINGS = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'];
