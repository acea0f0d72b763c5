import { UserError } from '../../define.ts';

/** The types that a cell of a data file can have: the part of Assay's types that a file can hold. */
export type CellType =
	| { readonly kind: 'text' | 'number' | 'prob' | 'bool' | 'any' }
	/** Nothing but absent values or empty lists has been seen: gives way to any other type. */
	| { readonly kind: 'unknown' }
	| { readonly kind: 'list'; readonly item: CellType }
	| { readonly kind: 'option'; readonly inner: CellType }
	| RecordCell;

export interface RecordCell {
	readonly kind: 'record';
	readonly fields: ReadonlyMap<string, CellType>;
}

const NAMES = { Text: 'text', Number: 'number', Prob: 'prob', Bool: 'bool', Any: 'any' } as const;
const WORDS = {
	text: 'Text',
	number: 'Number',
	prob: 'Prob',
	bool: 'Bool',
	any: 'Any',
	unknown: 'Any',
} as const;

/** The type in Assay's syntax: `{question: Text, score: Number?}`. */
export function showCellType(type: CellType): string {
	switch (type.kind) {
		case 'list':
			return `List<${showCellType(type.item)}>`;
		case 'option':
			return `${showCellType(type.inner)}?`;
		case 'record':
			return `{${[...type.fields].map(([name, field]) => `${name}: ${showCellType(field)}`).join(', ')}}`;
		default:
			return WORDS[type.kind];
	}
}

/** Reads a record type as `as:` gives it. Throws a `UserError` for a type that no data file can hold. */
export function parseRecordType(source: string): RecordCell {
	const type = new TypeReader(source).whole();
	if (type.kind === 'record') return type;
	throw new UserError(
		`as: must be the type of a row, found ${source}`,
		'write as: {question: Text, score: Number}',
	);
}

class TypeReader {
	private readonly tokens: readonly string[];
	private at = 0;
	private readonly source: string;

	constructor(source: string) {
		this.source = source;
		this.tokens = source.match(/\w+|[{}<>?,:]|\S/g) ?? [];
	}

	whole(): CellType {
		const type = this.type();
		if (this.at < this.tokens.length) this.fail();
		return type;
	}

	private type(): CellType {
		let type = this.peek() === '{' ? this.record() : this.named();
		while (this.peek() === '?') {
			this.at++;
			type = optional(type);
		}
		return type;
	}

	private named(): CellType {
		const word = this.tokens[this.at++] ?? '';
		if (word in NAMES) return { kind: NAMES[word as keyof typeof NAMES] };
		if (word !== 'List' && word !== 'Option') return this.fail();
		this.expect('<');
		const inner = this.type();
		this.expect('>');
		return word === 'List' ? { kind: 'list', item: inner } : optional(inner);
	}

	private record(): RecordCell {
		const fields = new Map<string, CellType>();
		this.expect('{');
		while (this.peek() !== '}') {
			const name = this.tokens[this.at++] ?? this.fail();
			this.expect(':');
			fields.set(name, this.type());
			if (this.peek() !== '}') this.expect(',');
		}
		this.expect('}');
		return { kind: 'record', fields };
	}

	private peek(): string | undefined {
		return this.tokens[this.at];
	}

	private expect(token: string): void {
		if (this.tokens[this.at++] !== token) this.fail();
	}

	private fail(): never {
		throw new UserError(
			`a data file cannot be read as ${this.source}`,
			'a row is a record of Text, Number, Prob, Bool, Any, List<…>, records, and any of these with ? where it may be absent',
		);
	}
}

export const optional = (type: CellType): CellType =>
	type.kind === 'option' || type.kind === 'any' ? type : { kind: 'option', inner: type };

/** The type of one JSON value. */
export function typeOfValue(value: unknown): CellType {
	if (value === null || value === undefined) return { kind: 'option', inner: UNKNOWN };
	if (typeof value === 'string') return { kind: 'text' };
	if (typeof value === 'number') return { kind: 'number' };
	if (typeof value === 'boolean') return { kind: 'bool' };
	if (Array.isArray(value)) return { kind: 'list', item: typeOfItems(value) };
	const fields = Object.entries(value);
	// Assay's records have names for fields, so an object with other keys is only passed on.
	if (!fields.every(([name]) => IDENTIFIER.test(name))) return { kind: 'any' };
	return { kind: 'record', fields: new Map(fields.map(([name, field]) => [name, typeOfValue(field)])) };
}

export const IDENTIFIER = /^[A-Za-z_]\w*$/;

const UNKNOWN: CellType = { kind: 'unknown' };

function typeOfItems(items: readonly unknown[]): CellType {
	let type: CellType = UNKNOWN;
	for (const item of items) type = unify(type, typeOfValue(item)) ?? { kind: 'any' };
	return type;
}

/** The least type that both fit, or null when there is none: a Number is no Text. */
export function unify(a: CellType, b: CellType): CellType | null {
	if (a.kind === 'unknown' || b.kind === 'any') return b;
	if (b.kind === 'unknown' || a.kind === 'any') return a;
	if (a.kind === 'option' || b.kind === 'option') {
		const inner = unify(a.kind === 'option' ? a.inner : a, b.kind === 'option' ? b.inner : b);
		return inner && optional(inner);
	}
	if (a.kind === 'list' && b.kind === 'list') {
		const item = unify(a.item, b.item);
		return item && { kind: 'list', item };
	}
	if (a.kind === 'record' && b.kind === 'record') return unifyRecords(a, b);
	return a.kind === b.kind ? a : null;
}

function unifyRecords(a: RecordCell, b: RecordCell): RecordCell | null {
	const fields = new Map<string, CellType>();
	for (const name of new Set([...a.fields.keys(), ...b.fields.keys()])) {
		const [left, right] = [a.fields.get(name), b.fields.get(name)];
		const type = left && right ? unify(left, right) : optional((left ?? right) as CellType);
		if (!type) return null;
		fields.set(name, type);
	}
	return { kind: 'record', fields };
}

/** The same type with everything in it optional: what misfits it contradicts the type and is not merely absent. */
export function allOptional(type: CellType): CellType {
	if (type.kind === 'option') return allOptional(type.inner);
	if (type.kind === 'list') return optional({ kind: 'list', item: allOptional(type.item) });
	if (type.kind !== 'record') return optional(type);
	return optional({
		kind: 'record',
		fields: new Map([...type.fields].map(([name, field]) => [name, allOptional(field)])),
	});
}

/** A value that does not have the type asked for. */
export interface Misfit {
	/** Where in the row: `answers[2].text`; empty for the row itself. */
	readonly at: string;
	readonly expected: CellType;
	readonly found: unknown;
}

/** The first place where a JSON value is not of the type, or null. */
export function misfit(value: unknown, type: CellType, at: string): Misfit | null {
	switch (type.kind) {
		case 'any':
		case 'unknown':
			return null;
		case 'option':
			return value === null || value === undefined ? null : misfit(value, type.inner, at);
		case 'list':
			return Array.isArray(value) ? misfitInList(value, type.item, at) : { at, expected: type, found: value };
		case 'record':
			return isObject(value) ? misfitInRecord(value, type, at) : { at, expected: type, found: value };
		default:
			return isScalar(value, type.kind) ? null : { at, expected: type, found: value };
	}
}

function isScalar(value: unknown, kind: 'text' | 'number' | 'prob' | 'bool'): boolean {
	if (kind === 'text') return typeof value === 'string';
	if (kind === 'bool') return typeof value === 'boolean';
	return typeof value === 'number' && (kind === 'number' || (value >= 0 && value <= 1));
}

function misfitInList(items: readonly unknown[], type: CellType, at: string): Misfit | null {
	for (let i = 0; i < items.length; i++) {
		const found = misfit(items[i], type, `${at}[${i}]`);
		if (found) return found;
	}
	return null;
}

function misfitInRecord(
	value: Readonly<Record<string, unknown>>,
	type: RecordCell,
	at: string,
): Misfit | null {
	for (const [name, field] of type.fields) {
		const found = misfit(value[name], field, at === '' ? name : `${at}.${name}`);
		if (found) return found;
	}
	return null;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** `expected a Number in "score", found "high"` */
export function describeMisfit({ at, expected, found }: Misfit): string {
	const place = at === '' ? '' : ` in "${at}"`;
	return `expected ${article(showCellType(expected))}${place}, found ${describeValue(found)}`;
}

const article = (type: string): string =>
	type.startsWith('{') ? `a record ${type}` : `a${/^[AO]/.test(type) ? 'n' : ''} ${type}`;

/** A JSON value in at most about forty characters. */
export function describeValue(value: unknown): string {
	if (value === undefined) return 'nothing';
	const text = JSON.stringify(value);
	return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}
