import type { Hint } from '../diagnostics/hints.ts';
import type { Stop } from './stops.ts';
import * as t from './tokens.ts';
import { endsOperand, type Token } from './tokens.ts';

/** The habit of another language or format that a stop looks like; null where it looks like none. */
export function hintOf(stop: Stop): Hint | null {
	const { found, previous, expected } = stop;
	if (expected === 'HoleClose') return 'brace';
	if (found === null) return null;
	return inItem(stop) ?? inRule(stop) ?? (previous === null ? null : inExpression(found, previous, stop));
}

const clauseWords = new Set([t.For, t.Where, t.Repeat]);

/** In a clause of an eval, in the header of an eval or a table. */
function inItem({ found, tokens, kind }: Stop): Hint | null {
	const [first] = tokens;
	if (found === null || first === undefined) return null;
	if (first.tokenType === t.DeclarationWord && first.image === 'eval') return 'eval';
	if (kind !== 'rest') return null;
	if (first.image === 'table' && found.image === 'group') return 'by';
	if (first.image === 'table' && found.tokenType === t.Where) return 'filter-source';
	if (first.image === 'use') return uses.get(found.image) ?? null;
	if (!clauseWords.has(first.tokenType)) return null;
	if (found.tokenType === t.Colon) return 'no-colon';
	if (found.tokenType === t.OpenBrace) return 'flat';
	return ['let', 'const', 'var', 'field'].includes(found.image) ? 'no-keyword' : null;
}

const uses: ReadonlyMap<string, Hint> = new Map([
	['as', 'no-as'],
	['from', 'path'],
]);

function inRule({ found, rule, expected, previous }: Stop): Hint | null {
	const type = found?.tokenType;
	if (rule === 'messages') return type === t.WholeText || type === t.TextStart ? 'speaker' : 'roles';
	if (rule === 'group' && type === t.Comma) return 'tuple';
	if (rule === 'field' && type === t.CallParen) return 'column';
	const indexes =
		rule === 'index' || (expected === 'CloseBracket' && previous?.tokenType === t.NumberLiteral);
	return indexes && type === t.Colon ? 'slice' : null;
}

function inExpression(found: Token, previous: Token, { tokens }: Stop): Hint | null {
	const touches = previous.end === found.startOffset;
	if (previous.tokenType === t.Star && found.tokenType === t.Star && touches) return 'power';
	if (noWords.has(previous.image)) return 'no-await';
	if (!endsOperand(previous)) return null;
	if (clauseWords.has(found.tokenType) && found.newline) return 'clause';
	if (found.tokenType === t.If) return 'choice';
	if (found.tokenType === t.Bar) return 'pipe';
	if (found.image === 'is') return 'equality';
	const text = found.tokenType === t.WholeText || found.tokenType === t.TextStart;
	if (text && touches && /^[fFrRbBuU]{1,2}$/.test(previous.image)) return 'prefix';
	const next = tokens[tokens.indexOf(found) + 1];
	const grouped = found.tokenType === t.Comma && previous.tokenType === t.NumberLiteral;
	return grouped && next !== undefined && /^\d{3}$/.test(next.image) ? 'digits' : null;
}

const noWords = new Set(['await', 'return', 'new', 'yield']);
