import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { explainStop } from './explain-stop.ts';
import { Grammar } from './grammar.ts';
import { MAX_NESTING, TooDeep } from './grammar-base.ts';
import { isTooDeep, MAX_TREE_DEPTH } from './nesting.ts';
import { stopOf } from './stops.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** Null where the unit could not be read to its end; then there is at least one problem. */
export interface Unit<T> {
	readonly value: T | null;
	readonly problems: readonly Problem[];
}

let instance: Grammar | null = null;

/** Building a grammar takes milliseconds, so there is one, made when first needed. */
const grammar = (): Grammar => {
	instance ??= new Grammar();
	return instance;
};

/** Reads all of `tokens` by one rule; `next` is what stands after them in the program. */
export function readUnit<T>(
	tokens: readonly Token[],
	next: Token | null,
	rule: (grammar: Grammar) => T,
): Unit<T> {
	const parser = grammar();
	parser.start([...tokens]);
	try {
		const value = rule(parser);
		const [error] = parser.errors;
		if (error !== undefined) {
			const stop = explainStop(stopOf(error, tokens, { next }));
			return { value: null, problems: [...parser.found, stop] };
		}
		if (tokens.length > MAX_TREE_DEPTH && isTooDeep(value)) return tooDeep(tokens[0] as Token, 'long');
		return { value, problems: parser.found };
	} catch (error) {
		if (error instanceof TooDeep) return tooDeep(error.token, 'nested');
		throw error;
	}
}

function tooDeep<T>(token: Token, how: 'nested' | 'long'): Unit<T> {
	const limit = how === 'nested' ? MAX_NESTING : MAX_TREE_DEPTH;
	return { value: null, problems: [problem('A0024', { how, limit }, spanOfToken(token))] };
}
