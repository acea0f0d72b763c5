import { beginsDeclaration } from './declaration-starts.ts';
import * as t from './tokens.ts';
import { retype, type Token } from './tokens.ts';

/**
 * Marks each `=` that can only be meant as `==`: between `if` and `then`, inside `where(…)`, and in a `where` clause
 * where what stands before it cannot be a field.
 */
export function markEqualsSlips(tokens: readonly Token[]): void {
	const conditions: boolean[] = [];
	let condition = false;
	/** Index of the `where` whose clause this is; -1 outside. */
	let clause = -1;
	for (let i = 0; i < tokens.length; i++) {
		const token = tokens[i] as Token;
		if (token.newline) clause = -1;
		// An `if` without its `then` ends with its declaration.
		if (condition && conditions.length === 0 && beginsDeclaration(tokens, i)) condition = false;
		switch (token.tokenType) {
			case t.CallParen:
				conditions.push(condition);
				condition = tokens[i - 1]?.image === 'where' && !declaresParams(tokens[i - 2]);
				break;
			case t.OpenParen:
			case t.LambdaParen:
			case t.OpenBracket:
			case t.IndexBracket:
			case t.OpenBrace:
			case t.HoleOpen:
				conditions.push(condition);
				condition = token.tokenType === t.OpenParen && (condition || clause === i - 1);
				clause = -1;
				break;
			case t.CloseParen:
			case t.CloseBracket:
			case t.CloseBrace:
			case t.HoleClose:
				condition = conditions.pop() ?? false;
				clause = -1;
				break;
			case t.If:
				condition = tokens[i + 1]?.tokenType !== t.Equals;
				break;
			case t.Then:
			case t.Else:
				condition = false;
				break;
			case t.Where:
				clause = i;
				break;
			case t.Equals:
				if (condition ? !beginsLine(tokens[i - 1]) : clause >= 0 && !mayBeField(tokens, i, clause))
					mark(tokens, i);
		}
	}
}

/** `prompt where(a = 1) { … }`: the name of a prompt or a network. */
const declaresParams = (word: Token | undefined): boolean =>
	word?.image === 'prompt' || word?.image === 'network';

const beginsLine = (token: Token | undefined): boolean => token?.tokenType === t.FieldName && token.newline;

/** `name =` after something complete begins a field; `x.a =`, `f(x) =` and `where a =` do not. */
function mayBeField(tokens: readonly Token[], equals: number, clause: number): boolean {
	return tokens[equals - 1]?.tokenType === t.FieldName && equals - 2 !== clause;
}

function mark(tokens: readonly Token[], equals: number): void {
	const name = tokens[equals - 1];
	if (name?.tokenType === t.FieldName) retype(name, t.Name);
	retype(tokens[equals] as Token, t.EqualsSlip);
}
