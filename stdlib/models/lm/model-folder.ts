import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../define.ts';

const INDEX = 'model.safetensors.index.json';

/** The files of weights of a folder in Hugging Face's layout. @throws {UserError} where there are none */
export function weightFiles(folder: string): string[] {
	const whole = join(folder, 'model.safetensors');
	if (existsSync(whole)) return [whole];
	const index = z
		.object({ weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+$/)) })
		.safeParse(jsonAt(folder, INDEX));
	if (!index.success) throw new UserError(`${folder} has no model.safetensors`);
	const names = [...new Set(Object.values(index.data.weight_map))].sort();
	return names.map((name) => join(folder, name));
}

/** A file of a folder as text; null where it is not there. */
export function textAt(folder: string, name: string): string | null {
	const path = join(folder, name);
	return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** A file of a folder as JSON; null where it is not there. @throws {UserError} for a file that is no JSON */
export function jsonAt(folder: string, name: string): unknown {
	const text = textAt(folder, name);
	if (text === null) return null;
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new UserError(`${join(folder, name)} is no JSON: ${(error as Error).message}`);
	}
}
