import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { UsedModule } from '../../../dsl/needs.ts';
import { UserError } from '../../../stdlib/define.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { isTable, type Table } from '../../../stdlib/values/table.ts';
import { toDataFrame } from '../../display/dataframe.ts';
import { rememberTable } from '../../display/mime/bundle.ts';
import { readModule } from '../../study/typescript.ts';
import type { TypeScriptEngine } from '../typescript/engine.ts';
import type { TypeScriptNames } from './study-cells.ts';
import { isTrained, studyModel } from './study-model.ts';

/** What a study sees of the TypeScript cells, and what they see of it. */
export function typeScriptNames(engine: TypeScriptEngine): TypeScriptNames {
	return {
		functions: (names) => usedFunctions(engine, names),
		function: (name) => {
			const value = engine.valueOf(name);
			return typeof value === 'function' ? (value as (...args: never[]) => unknown) : null;
		},
		declare: (name, type, read) =>
			engine.declareName(name, `declare const ${name}: ${type};`, () => shownTo(read())),
	};
}

/** A table is a data frame to TypeScript, a trained model has methods, also in a record; everything else is itself. */
function shownTo(value: unknown): unknown {
	if (isTable(value)) return frameOf(value);
	if (isTrained(value)) return studyModel(value, shownTo);
	if (value instanceof Labelled) return new Labelled(value.name, shownTo(value.value));
	return isPlain(value) && Object.values(value).some(isTrained)
		? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shownTo(field)]))
		: value;
}

function frameOf(table: Table): object {
	const frame = toDataFrame(table);
	rememberTable(frame, table);
	return frame;
}

const isPlain = (value: unknown): value is object =>
	typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

async function usedFunctions(engine: TypeScriptEngine, names: readonly string[]): Promise<UsedModule> {
	const hash = createHash('sha256');
	const functions: Record<string, UsedModule['functions'][string]> = {};
	for (const name of names) {
		const cell = await engine.moduleOf(name);
		if (!cell)
			throw new UserError(`no cell has declared ${name}`, 'run the TypeScript cell that declares it first');
		for (const text of cell.texts) hash.update(text).update('\0');
		const module = await readModule(cell.path, { configFile: join(dirname(cell.path), 'tsconfig.json') });
		const signature = module.functions[name];
		if (!signature)
			throw new UserError(`${name} is no function`, 'a study can use functions of TypeScript cells');
		functions[name] = signature;
	}
	return { path: 'the TypeScript cells', sha256: hash.digest('hex'), functions };
}
