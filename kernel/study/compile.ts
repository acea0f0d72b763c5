import { dirname, resolve } from 'node:path';
import { LibraryIndex } from '../../dsl/check/library-index.ts';
import { type Compiled, compile } from '../../dsl/compile.ts';
import { type Answer, type Answers, type Need, needKey, type UsedModule } from '../../dsl/needs.ts';
import { UserError } from '../../stdlib/define.ts';
import { CallError } from '../../stdlib/models/provider.ts';
import type { Library } from '../../stdlib/registry.ts';

export interface CompileRequest {
	readonly text: string;
	/** Path of the study, or null for a notebook's program. */
	readonly path: string | null;
	readonly library: Library;
	readonly params?: Readonly<Record<string, string>>;
	readonly stage?: 'check' | 'plan';
	/** Where relative paths start; the study's folder when absent. */
	readonly folder?: string;
	/** The named functions of a notebook's earlier cells, for `use` without `from`. */
	readonly cells?: (names: readonly string[]) => Promise<UsedModule>;
}

/** The folder that a study's relative paths start from. */
export const folderOf = (path: string | null): string =>
	path === null ? process.cwd() : dirname(resolve(path));

/** Compiles a program, fetching what the compiler asks for until it asks for nothing new. */
export async function compileStudy(request: CompileRequest): Promise<Compiled> {
	const answers = new Map<string, Answer>();
	const library = new LibraryIndex(request.library);
	for (;;) {
		const compiled = compile(request.text, { ...request, library, answers: answers as Answers });
		const open = compiled.needs.filter((need) => !answers.has(needKey(need)));
		if (open.length === 0) return compiled;
		for (const need of open) answers.set(needKey(need), await fetchNeed(need, request));
	}
}

/** What the compiler asked for, or why it cannot be had. */
export async function fetchNeed(need: Need, request: Omit<CompileRequest, 'text'>): Promise<Answer> {
	try {
		return await answerTo(need, request);
	} catch (error) {
		if (error instanceof UserError) return { kind: 'failure', message: error.message, help: error.help };
		if (error instanceof CallError) return { kind: 'failure', message: error.message, help: null };
		throw error;
	}
}

async function answerTo(need: Need, request: Omit<CompileRequest, 'text'>): Promise<Answer> {
	const folder = request.folder ?? folderOf(request.path);
	const resolvePath = (path: string): string => resolve(folder, path);
	switch (need.kind) {
		case 'schema': {
			const { readSchema } = await import('./schema.ts');
			return { kind: 'schema', type: (await readSchema(need.fn, resolvePath(need.path))).type };
		}
		case 'signature': {
			if (need.path === null) return cellsAnswer(request, need.names);
			const { readModule } = await import('./typescript.ts');
			return { kind: 'signature', module: await readModule(resolvePath(need.path)) };
		}
		case 'fingerprint': {
			const definition = request.library.functions.get(need.fn);
			const prints = (await definition?.fingerprint?.(need.args, { resolvePath })) ?? [];
			return { kind: 'fingerprint', prints };
		}
	}
}

async function cellsAnswer(
	request: Pick<CompileRequest, 'cells'>,
	names: readonly string[],
): Promise<Answer> {
	if (request.cells) return { kind: 'signature', module: await request.cells(names) };
	return {
		kind: 'failure',
		message: '`use` without `from` needs a notebook',
		help: 'in a file, name the module: `use f from "./functions.ts"`',
	};
}
