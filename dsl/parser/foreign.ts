import type { TokenType } from 'chevrotain';
import * as t from './tokens.ts';

/** Operators of other languages and how Assay writes them; the longer before the shorter. */
export const foreignOperators: readonly {
	readonly written: string;
	readonly write: string;
	readonly type: TokenType;
}[] = [
	{ written: '===', write: '==', type: t.Comparison },
	{ written: '!==', write: '!=', type: t.Comparison },
	{ written: '&&', write: 'and', type: t.And },
	{ written: '||', write: 'or', type: t.Or },
	{ written: ':=', write: '=', type: t.Equals },
	{ written: '!', write: 'not', type: t.Not },
	{ written: '<>', write: '!=', type: t.Comparison },
];
