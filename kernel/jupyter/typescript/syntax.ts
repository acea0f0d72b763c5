import { SourceMap, stripTypeScriptTypes } from 'node:module';
import { type Program, parse } from 'acorn';
import type { Point } from './text-edits.ts';

/** A cell as JavaScript. */
export interface ParsedCell {
	readonly source: string;
	readonly javaScript: string;
	readonly program: Program;
	/** Whether every character of the JavaScript stands where it stood in the source. */
	readonly samePositions: boolean;
	/** From a place in the JavaScript to its place in the source. */
	readonly toSource: (point: Point) => Point;
}

/** A cell which the type checker accepts or has not seen, but which cannot be run. */
export class CellSyntaxError extends SyntaxError {
	/** UTF-16 offset in the source, or null where it is not known. */
	readonly offset: number | null;

	constructor(message: string, offset: number | null) {
		super(message);
		this.name = 'SyntaxError';
		this.offset = offset;
	}
}

export function parseCell(source: string): ParsedCell {
	const plain = parsePlain(source);
	if (plain) return plain;
	const converted = toJavaScript(source);
	return { source, ...converted, program: parseJavaScript(converted.javaScript) };
}

/** Most cells are JavaScript as well, and the parser alone is faster. `f<T>(x)` would parse, as comparisons. */
function parsePlain(source: string): ParsedCell | null {
	if (source.includes('<')) return null;
	try {
		return { source, ...unmoved(source), program: parseJavaScript(source) };
	} catch {
		return null;
	}
}

type Converted = Pick<ParsedCell, 'javaScript' | 'samePositions' | 'toSource'>;

/** TypeScript without its types. Throws a `CellSyntaxError`. */
export function toJavaScript(source: string): Converted {
	try {
		return unmoved(stripTypeScriptTypes(source, { mode: 'strip' }));
	} catch (error) {
		if (codeOf(error) === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return transformed(source);
		throw asSyntaxError(error);
	}
}

const unmoved = (javaScript: string): Converted => ({
	javaScript,
	samePositions: true,
	toSource: (point) => point,
});

/** Enums, namespaces and parameter properties are code, so for them lines move and a source map says where to. */
function transformed(source: string): Converted {
	let output: string;
	try {
		output = stripTypeScriptTypes(source, { mode: 'transform', sourceMap: true });
	} catch (error) {
		throw asSyntaxError(error);
	}
	const [javaScript = '', encoded = ''] = output.split(
		/\n*\/\/# sourceMappingURL=data:application\/json;base64,/,
	);
	const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()));
	return {
		javaScript,
		samePositions: false,
		toSource: ({ line, column }) => {
			const entry = map.findEntry(line, column);
			return 'originalLine' in entry
				? { line: entry.originalLine, column: entry.originalColumn }
				: { line, column };
		},
	};
}

export function parseJavaScript(text: string): Program {
	try {
		return parse(text, {
			ecmaVersion: 'latest',
			sourceType: 'module',
			allowAwaitOutsideFunction: true,
			allowHashBang: false,
		});
	} catch (error) {
		const { pos } = error as { pos?: number };
		if (pos !== undefined && text[pos] === '@') throw decoratorError(pos);
		throw new CellSyntaxError((error as Error).message.replace(/ \(\d+:\d+\)$/, ''), pos ?? null);
	}
}

function decoratorError(offset: number): CellSyntaxError {
	return new CellSyntaxError(
		'decorators cannot be run in a cell: no JavaScript engine knows them yet. Call the function on the class instead',
		offset,
	);
}

function asSyntaxError(error: unknown): Error {
	if (error instanceof CellSyntaxError) return error;
	if (!/^ERR_(INVALID|UNSUPPORTED)_TYPESCRIPT_SYNTAX$/.test(codeOf(error) ?? '')) return error as Error;
	return new CellSyntaxError((error as Error).message, null);
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;
