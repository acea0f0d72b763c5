import type { ParsedCell } from './syntax.ts';

/**
 * Names which a cell declares on the level of the cell only for the checker: interfaces, type aliases, ambient
 * declarations and type-only imports. Where types were blanked out, only what lies between statements is looked at.
 */
export function topLevelTypes(cell: ParsedCell): string[] {
	if (cell.javaScript === cell.source) return [];
	const names: string[] = [];
	for (const stretch of cell.samePositions ? betweenStatements(cell) : [cell.source]) {
		for (const [, name = ''] of outermost(stretch).matchAll(DECLARATION)) names.push(name);
		for (const [, clause = ''] of stretch.matchAll(TYPE_IMPORT)) names.push(...clauseNames(clause));
	}
	for (const [, imported = '', local] of inlineTypeImports(cell)) names.push(local ?? imported);
	return [...new Set(names)];
}

const DECLARATION =
	/\b(?:interface|type|(?:declare\s+|abstract\s+)+class|namespace|module|enum|declare\s+(?:const\s+enum|enum|const|let|var|function))\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)(?!\s*(?:from\b|,))/gu;
const TYPE_IMPORT = /\bimport\s+type\s+([^;'"]*?)\s*from\s*['"]/g;
const INLINE_TYPE =
	/\btype\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s+as\s+([\p{ID_Start}$_][\p{ID_Continue}$]*))?/gu;

function clauseNames(clause: string): string[] {
	return clause
		.replace(/[{}]/g, ',')
		.split(',')
		.map(
			(part) =>
				part
					.trim()
					.split(/\s+as\s+/)
					.at(-1) ?? '',
		)
		.filter((name) => /^[\p{ID_Start}$_]/u.test(name));
}

/** `type A` in `import { type A, b } from …`. */
function inlineTypeImports(cell: ParsedCell): RegExpExecArray[] {
	if (!cell.samePositions) return [];
	return cell.program.body
		.filter((node) => node.type === 'ImportDeclaration')
		.flatMap(({ start, end }) => [...cell.source.slice(start, end).matchAll(INLINE_TYPE)]);
}

function betweenStatements(cell: ParsedCell): string[] {
	const found: string[] = [];
	let from = 0;
	for (const { start, end } of cell.program.body) {
		found.push(cell.source.slice(from, start));
		from = end;
	}
	found.push(cell.source.slice(from));
	return found.filter((text) => text.trim() !== '');
}

/** The text with comments, strings, templates and everything in brackets turned into spaces; brackets stay. */
export function outermost(text: string): string {
	let depth = 0;
	return text.replace(
		/\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|[({[]|[)}\]]|[\s\S]/g,
		(token) => {
			if (token.length > 1) return token.replace(/[^\n]/g, ' ');
			if ('({['.includes(token)) return depth++ === 0 ? token : ' ';
			if (')}]'.includes(token)) {
				depth = Math.max(0, depth - 1);
				return depth === 0 ? token : ' ';
			}
			return depth === 0 || token === '\n' ? token : ' ';
		},
	);
}
