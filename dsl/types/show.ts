import { showDim } from './dims.ts';
import type { FunctionParam, Type } from './type.ts';

/** A type in Assay's own syntax, as a user would write it. Long records are cut to their first fields. */
export function showType(type: Type, fieldLimit = 6): string {
	switch (type.k) {
		case 'app':
			if (type.name === 'Option') return `${showOperand(type.args[0] as Type, fieldLimit)}?`;
			if (type.name === 'Labelled') return showType(type.args[0] as Type, fieldLimit);
			if (type.name === 'Table' && type.args.length > 1)
				return `Table<${showType(type.args[0] as Type, fieldLimit)}>`;
			return type.args.every((arg) => arg.k === 'any')
				? type.name
				: `${type.name}<${type.args.map((arg) => showType(arg, fieldLimit)).join(', ')}>`;
		case 'record':
			return type.name ?? showFields(type.fields, type.spread?.map((v) => v.name) ?? [], fieldLimit);
		case 'model':
			return type.capabilities === null ? 'Model' : `Model<${[...type.capabilities].join(', ')}>`;
		case 'function':
			return showFunction(type.params, type.result, fieldLimit);
		case 'tensor':
			return type.dims === null ? type.name : `${type.name}[${type.dims.map(showDim).join(', ')}]`;
		case 'union':
			return type.members.map((member) => showType(member, fieldLimit)).join(' | ');
		case 'var':
			return type.name;
		case 'any':
			return 'Any';
		case 'error':
			return '?';
	}
}

/** A type in full: what goes into plans and files, where nothing may be cut. */
export const spellType = (type: Type): string => showType(type, Number.POSITIVE_INFINITY);

function showFunction(params: readonly FunctionParam[], result: Type, fieldLimit: number): string {
	const shown = params.map((param) => showType(param.type, fieldLimit));
	const left = shown.length === 1 && params[0]?.type.k !== 'function' ? shown[0] : `(${shown.join(', ')})`;
	return `${left} -> ${showType(result, fieldLimit)}`;
}

function showOperand(type: Type, fieldLimit: number): string {
	const shown = showType(type, fieldLimit);
	return type.k === 'function' || type.k === 'union' ? `(${shown})` : shown;
}

function showFields(
	fields: ReadonlyMap<string, Type>,
	spread: readonly string[],
	fieldLimit: number,
): string {
	const shown = [...fields]
		.slice(0, fieldLimit)
		.map(([name, type]) => `${name}: ${showType(type, fieldLimit)}`);
	const rest = fields.size > fieldLimit ? ['…'] : [];
	return `{${[...spread.map((name) => `...${name}`), ...shown, ...rest].join(', ')}}`;
}
