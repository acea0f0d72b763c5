import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { type Span, spanOf } from '../span.ts';
import { describe, type Stop } from './stops.ts';
import * as t from './tokens.ts';
import { endsOperand, spanOfToken, type Token } from './tokens.ts';

type Slip = (stop: Stop) => Problem | null;

const expectsName = new Set(['Word', 'Label', 'FieldName', 'LambdaName', 'use']);
const expectsValue = new Set(['expression', 'primary', 'operand', 'argument']);
const roles = new Set(['user', 'system', 'assistant']);
const principles = new Set(['critique', 'revise', 'prefer']);
const none: ReadonlySet<string> = new Set();

/** Frequent reasons for stopping, each with its own words; null where it is not the reason. */
export const slips: readonly Slip[] = [
	function reservedName({ found, expected }) {
		if (found === null || !expectsName.has(expected) || !t.reserved.has(found.image)) return null;
		if (found.tokenType === t.For) return null; // `eval for x in …`: the name is missing
		return problem('A0028', { word: found.image }, spanOfToken(found));
	},
	({ found, previous }) => openerOnNextLine(previous, found),
	function thinArrow({ found, expected }) {
		if (found?.tokenType !== t.Arrow || expected === 'typeExpr') return null;
		const span = spanOfToken(found);
		const fix = { title: 'Write `=>`', edits: [{ span, text: '=>' }] };
		return problem('A0026', {}, span, { fix });
	},
	function missingElse({ found, previous, expected, tokens, end }) {
		if (expected !== 'Else') return null;
		const opener = tokens.findLast((token) => token.tokenType === t.If) as Token;
		const data = { found: describe(found ?? end.next) };
		const at = found === null ? endOf(previous) : spanOfToken(found);
		return problem('A0033', data, at, { also: [spanOfToken(opener)] });
	},
	function mapInList({ found, previous, expected }) {
		if (found?.tokenType !== t.Colon || expected !== 'CloseBracket' || previous === null) return null;
		if (previous.tokenType !== t.Label) return null;
		return problem('A0037', { name: previous.image }, spanOfToken(found));
	},
	function messageWithoutText({ found, previous, rule, tokens }) {
		for (const token of [found, previous]) {
			if (token === null || token.tokenType !== t.Name || !roles.has(token.image)) continue;
			return problem('A0031', { role: token.image }, spanOfToken(token));
		}
		if (
			found === null ||
			!(rule === 'messages' ? roles : rule === 'constitution' ? principles : none).has(found.image)
		)
			return null;
		const sign = tokens[tokens.indexOf(found) + 1];
		if (sign?.tokenType !== t.Colon && sign?.tokenType !== t.Equals) return null;
		const fix = { title: 'Remove the sign', edits: [{ span: spanOf(found.end, sign.end), text: '' }] };
		return problem('A0031', { role: found.image, sign: sign.image }, spanOfToken(found), { fix });
	},
	function quotedKey({ found, expected }) {
		if (found?.tokenType !== t.WholeText || (expected !== 'CloseBrace' && expected !== 'Label')) return null;
		const { value } = found.payload as t.TextValue;
		const isName = /^[A-Za-z_]\w*$/.test(value);
		const span = spanOfToken(found);
		const fix = isName ? { title: `Write \`${value}\``, edits: [{ span, text: value }] } : null;
		return problem('A0039', { key: value }, span, { fix });
	},
	function ternary({ found }) {
		if (found?.tokenType !== t.Question) return null;
		return problem('A0040', {}, spanOfToken(found));
	},
	function bareFraction({ found, expected, tokens }) {
		if (found?.tokenType !== t.Dot || !expectsValue.has(expected)) return null;
		const digits = tokens[tokens.indexOf(found) + 1];
		if (digits?.tokenType !== t.NumberLiteral || digits.startOffset !== found.end) return null;
		const span = spanOf(found.startOffset, digits.end);
		const text = `0.${digits.image}`;
		return problem('A0012', { raw: `.${digits.image}` }, span, {
			fix: { title: `Write \`${text}\``, edits: [{ span, text }] },
		});
	},
	function notIn({ found, tokens }) {
		if (found?.tokenType !== t.Not || tokens[tokens.indexOf(found) + 1]?.tokenType !== t.In) return null;
		return problem('A0041', {}, spanOfToken(found));
	},
	function functionInOtherStyle({ found, previous, rule, tokens }) {
		if (found === null) return null;
		const typed = rule === 'group' && found.tokenType === t.Colon && has(tokens, found, t.FatArrow);
		const named = rule === 'value' && found.tokenType === t.CallParen && has(tokens, found, t.Equals);
		const word = found.tokenType === t.OpenBrace && tokens.findLast(({ image }) => image === 'function');
		if (typed && previous !== null) return problem('A0026', {}, spanOf(previous.startOffset, found.end));
		if (named && previous?.tokenType === t.Name) return problem('A0026', {}, spanOfToken(previous));
		return word ? problem('A0026', {}, spanOfToken(word)) : null;
	},
	function lambdaWord({ found, previous }) {
		if (found === null || previous?.image !== 'lambda') return null;
		return problem('A0026', {}, spanOfToken(previous));
	},
];

const has = (tokens: readonly Token[], after: Token, type: Token['tokenType']): boolean =>
	tokens.slice(tokens.indexOf(after)).some((token) => token.tokenType === type);

const endOf = (token: Token | null): Span => (token === null ? spanOf(0, 0) : spanOf(token.end, token.end));

/** A call's `(` or an index's `[` on the line after what it applies to; null where it is something else. */
export function openerOnNextLine(previous: Token | null, found: Token | null): Problem | null {
	const opener = found?.tokenType === t.OpenParen || found?.tokenType === t.OpenBracket;
	if (found === null || previous === null || !opener || !found.newline || !endsOperand(previous)) return null;
	const fix = {
		title: 'Join the lines',
		edits: [{ span: spanOf(previous.end, found.startOffset), text: '' }],
	};
	const data = { opener: found.image, target: describe(previous) };
	return problem('A0027', data, spanOfToken(found), { also: [spanOfToken(previous)], fix });
}
