import test from 'ava';
import {
	Alternation,
	type IProduction,
	NonTerminal,
	RepetitionMandatory,
	RepetitionMandatoryWithSeparator,
	Terminal,
} from 'chevrotain';
import { Grammar } from '../../../dsl/parser/grammar.ts';
import { expectations } from '../../../dsl/parser/stops.ts';

const deciding = [Alternation, RepetitionMandatory, RepetitionMandatoryWithSeparator];

/** Every way in which the parser can stop in a rule, as `ruleMessages` names it. */
function stopsIn(rule: string, productions: readonly IProduction[]): string[] {
	return productions.flatMap((production) => {
		if (production instanceof NonTerminal) return [];
		const inner = 'definition' in production ? (production.definition as IProduction[]) : [];
		if (production instanceof Terminal) return [`${rule}:${production.terminalType.name}`];
		const own = deciding.some((kind) => production instanceof kind) ? [rule] : [];
		return [...own, ...stopsIn(rule, inner)];
	});
}

test('there are words for every way in which the parser can stop', (t) => {
	const rules = Object.entries(new Grammar().getGAstProductions());
	const stops = new Set(rules.flatMap(([name, rule]) => stopsIn(name, rule.definition)));
	t.true(stops.size > 60);
	const wordless = [...stops].filter(
		(stop) => !(stop in expectations) && !(stop.slice(stop.indexOf(':') + 1) in expectations),
	);
	t.deepEqual(wordless, []);
});

test('the grammar has no ambiguity, left recursion or unreachable alternative', (t) => {
	t.notThrows(() => new Grammar(true));
});
