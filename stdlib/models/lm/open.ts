import { statSync } from 'node:fs';
import { openGguf } from './gguf-transformer.ts';
import { openHuggingFace } from './hugging-face-transformer.ts';
import type { StoredTransformer } from './stored-transformer.ts';

/**
 * A GGUF file, or a folder in Hugging Face's layout.
 * @throws {UserError} for files that are damaged, or of an architecture that is not known here
 */
export const openTransformer = async (path: string): Promise<StoredTransformer> =>
	statSync(path).isDirectory() ? openHuggingFace(path) : openGguf(path);
