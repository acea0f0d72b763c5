import { dirname } from 'node:path';
import { run } from '../../kernel/engine/run.ts';
import { openStore } from '../../kernel/engine/store/store.ts';
import { compileStudy } from '../../kernel/study/compile.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { Data } from '../../stdlib/values/data.ts';
import { ModelHandle } from '../../stdlib/values/model.ts';
import { isTable } from '../../stdlib/values/table.ts';

/**
 * Every table and every eval's rows of a finished study as text, numbers to the last bit: what the store holds, without
 * making a call.
 */
export async function resultsIn(
	storePath: string,
	study: { readonly path: string; readonly text: string },
): Promise<Record<string, string>> {
	const compiled = await compileStudy({ ...study, library: standardLibrary });
	if (!compiled.plan) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'));
	const store = openStore(storePath);
	try {
		const result = await run(compiled.plan, {
			library: standardLibrary,
			store,
			mode: 'replay',
			folder: dirname(study.path),
		});
		if (result.outcome !== 'done') throw new Error(`${result.outcome}: ${JSON.stringify(result.failures)}`);
		return Object.fromEntries(
			[...result.values].flatMap(([id, value]) => {
				const rows = value instanceof Data ? dataRows(value) : isTable(value) ? value.rows : null;
				return rows ? [[id, exact(rows)] as const] : [];
			}),
		);
	} finally {
		store.close();
	}
}

const dataRows = (data: Data): unknown[] => Array.from({ length: data.length }, (_, row) => data.row(row));

/** JSON, except that what it cannot tell apart is told apart. */
function exact(value: unknown): string {
	return JSON.stringify(value, (_, cell: unknown) => {
		if (typeof cell === 'number' && (!Number.isFinite(cell) || Object.is(cell, -0))) return `number ${cell}`;
		if (cell instanceof ModelHandle) return cell.name;
		if (cell instanceof Float64Array || cell instanceof Int32Array) return [...cell];
		return cell;
	});
}
