import * as z from 'zod';
import { UserError } from '../../../stdlib/define.ts';
import type { StudyOptions } from './study-cells.ts';

const Params = z.record(z.string(), z.string());
const Files = z.array(z.string());

/**
 * What whoever started the kernel set for its studies: `ASSAY_PARAMS` (params by name, JSON), `ASSAY_STORE` (a file),
 * `ASSAY_CASSETTES` (files, JSON), `ASSAY_REPLAY=1` (make no call), `ASSAY_RECORD` (a cassette to write).
 */
export function studySettings(env: NodeJS.ProcessEnv): Omit<StudyOptions, 'folder' | 'names'> {
	return {
		params: read('ASSAY_PARAMS', Params, env) ?? {},
		storePath: env.ASSAY_STORE || null,
		cassettes: read('ASSAY_CASSETTES', Files, env) ?? [],
		mode: env.ASSAY_REPLAY === '1' ? 'replay' : 'live',
		record: env.ASSAY_RECORD || null,
	};
}

function read<T>(name: string, schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T | null {
	const text = env[name];
	if (!text) return null;
	try {
		return schema.parse(JSON.parse(text));
	} catch {
		throw new UserError(`the environment's ${name} is not what is read from it`, `it is JSON: ${name}='{}'`);
	}
}
