import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { spanOf } from '../span.ts';
import { hintOf } from './hints.ts';
import { slips } from './slips.ts';
import { describe, expectations, type Stop } from './stops.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** The problem that a stop is: one of the frequent slips, or what was expected after what. */
export function explainStop(stop: Stop): Problem {
	for (const slip of slips) {
		const explained = slip(stop);
		if (explained !== null) return explained;
	}
	return stop.kind === 'rest' ? explainRest(stop) : explainExpected(stop);
}

function explainRest(stop: Stop): Problem {
	const { found, previous } = stop;
	const after = previous === null ? null : describe(previous);
	const data = { found: describe(found), after, hint: hintOf(stop) };
	return problem('A0023', data, spanOfToken(found as Token));
}

function explainExpected(stop: Stop): Problem {
	const { found, previous, expected } = stop;
	const data = {
		expected: expectations[`${stop.rule}:${expected}`] ?? expectations[expected] ?? 'something else',
		after: previous === null ? null : describe(previous),
		found: found === null ? describe(stop.end.next) : describe(found),
		hint: hintOf(stop),
	};
	const at = previous === null ? 0 : previous.end;
	const text = insertable.get(expected);
	const fix =
		text === undefined
			? null
			: { title: `Insert \`${text.trim()}\``, edits: [{ span: spanOf(at, at), text }] };
	return problem('A0001', data, found === null ? spanOf(at, at) : spanOfToken(found), { fix });
}

/** Signs that a fix can put in where they are missing. */
const insertable: ReadonlyMap<string, string> = new Map([
	['Equals', ' ='],
	['FatArrow', ' =>'],
	['Arrow', ' ->'],
	['Then', ' then'],
	['In', ' in'],
	['value', ' ='],
	['field', ' ='],
]);
