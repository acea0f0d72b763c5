import type {
	Function as AnyFunction,
	DoWhileStatement,
	ForInStatement,
	ForOfStatement,
	ForStatement,
	Node,
	Pattern,
	Program,
	Statement,
	WhileStatement,
} from 'acorn';
import { base, full, simple } from 'acorn-walk';
import type { TextEdits } from './text-edits.ts';

type Loop = ForStatement | ForInStatement | ForOfStatement | WhileStatement | DoWhileStatement;

/** Ways to a variable that a text does not show. */
const BY_OTHER_WAYS = /\b(?:eval|Function|globalThis|global)\b/;

/**
 * Names in functions and classes of a cell. Whoever runs such code may read or change a variable of that name, at any
 * time.
 */
export function capturedNames(program: Program, text: string): Set<string> {
	const names = new Set<string>();
	if (!/=>|\bfunction\b|\bclass\b|\)\s*\{/.test(text)) return names;
	simple(program, {
		Function: (node) => freeNames(node, text).forEach((name) => void names.add(name)),
		Class: ({ start, end }) => wordsIn(text.slice(start, end)).forEach((name) => void names.add(name)),
	});
	return names;
}

/** Names that a function mentions, without its parameters and what its body declares for all of it. */
function freeNames({ start, end, params, body }: AnyFunction, text: string): Set<string> {
	const own = new Set<string>();
	for (const param of params) addNames(param, own);
	const inParameters = wordsIn(text.slice(start, body.start));
	for (const name of variablesOf(body)) if (!inParameters.has(name)) own.add(name);
	return new Set([...wordsIn(text.slice(start, end))].filter((name) => !own.has(name)));
}

function variablesOf(body: AnyFunction['body']): Set<string> {
	const names = new Set<string>();
	if (body.type !== 'BlockStatement') return names;
	for (const node of body.body)
		if (node.type === 'VariableDeclaration') for (const { id } of node.declarations) addNames(id, names);
	return names;
}

const wordsIn = (text: string): Set<string> => new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));

/**
 * Loops on the level of a cell work on local copies of its variables, which are ten times as fast as properties of
 * `globalThis`. Only where nobody can tell: in loops that do not wait, for variables that `isFree` says no function
 * mentions. The copies are written back when a loop ends in any way, at its first thousand turns and at every 256th
 * after those, so that of a loop that is ended from outside little is lost.
 */
export function localiseLoops(
	program: Program,
	text: string,
	edits: TextEdits,
	isFree: (name: string) => boolean,
): void {
	if (!/\b(?:for|while|do)\b/.test(text) || BY_OTHER_WAYS.test(text)) return;
	const hoisted = new Set(program.body.flatMap((node) => [...declaredWithin(node, true)]));
	for (const node of program.body) {
		const hidden = declaredWithin(node, false);
		const isCells = (name: string): boolean => !hidden.has(name) && !hoisted.has(name) && isFree(name);
		for (const { statement, loop } of outermostLoops(node as Statement)) {
			const names = [...assignedIn(loop)].filter(isCells).sort();
			if (names.length > 0 && !waits(loop)) localise(statement, loop, names, edits);
		}
	}
}

const OUTSIDE_OF_FUNCTIONS = { ...base, Function: () => {} };

/** Names that something within a statement declares: there they are other variables than those of the cell. */
function declaredWithin(node: Program['body'][number], onlyVar: boolean): Set<string> {
	const names = new Set<string>();
	if (node.type.endsWith('Declaration')) return names;
	simple(
		node,
		{
			VariableDeclaration: ({ kind, declarations }) => {
				if (!onlyVar || kind === 'var') for (const { id } of declarations) addNames(id, names);
			},
			FunctionDeclaration: ({ id }) => void (id && names.add(id.name)),
			ClassDeclaration: ({ id }) => void (id && names.add(id.name)),
			CatchClause: ({ param }) => void (param && addNames(param, names)),
		},
		OUTSIDE_OF_FUNCTIONS,
	);
	return names;
}

/** Loops that no other loop and no function is around, each with the statement that its labels make of it. */
function outermostLoops(node: Statement, whole: Statement = node): { statement: Statement; loop: Loop }[] {
	switch (node.type) {
		case 'ForStatement':
		case 'ForInStatement':
		case 'ForOfStatement':
		case 'WhileStatement':
		case 'DoWhileStatement':
			return [{ statement: whole, loop: node }];
		case 'LabeledStatement':
			return outermostLoops(node.body, whole);
		case 'BlockStatement':
			return node.body.flatMap((inner) => outermostLoops(inner));
		case 'IfStatement':
			return [node.consequent, ...(node.alternate ? [node.alternate] : [])].flatMap((inner) =>
				outermostLoops(inner),
			);
		case 'TryStatement':
			return [node.block, node.handler?.body, node.finalizer].flatMap((inner) =>
				inner ? outermostLoops(inner) : [],
			);
		default:
			return [];
	}
}

/** Variables that a loop gives values to. */
function assignedIn(loop: Loop): Set<string> {
	const names = new Set<string>();
	simple(loop, {
		AssignmentExpression: ({ left }) => addNames(left, names),
		UpdateExpression: ({ argument }) => addNames(argument as Pattern, names),
		ForInStatement: ({ left }) => left.type !== 'VariableDeclaration' && addNames(left, names),
		ForOfStatement: ({ left }) => left.type !== 'VariableDeclaration' && addNames(left, names),
	});
	return names;
}

function addNames(pattern: Pattern, to: Set<string>): void {
	if (pattern.type === 'Identifier') to.add(pattern.name);
	else if (pattern.type === 'ObjectPattern')
		for (const property of pattern.properties)
			addNames(property.type === 'RestElement' ? property.argument : property.value, to);
	else if (pattern.type === 'ArrayPattern')
		for (const element of pattern.elements) element && addNames(element, to);
	else if (pattern.type === 'RestElement') addNames(pattern.argument, to);
	else if (pattern.type === 'AssignmentPattern') addNames(pattern.left, to);
}

/** Functions within it may wait too: then nothing is lost but speed. */
function waits(loop: Loop): boolean {
	let found = false;
	full(loop, (node) => {
		const { type, await: isAwait } = node as Node & { readonly await?: boolean };
		if (type === 'AwaitExpression' || (type === 'ForOfStatement' && isAwait)) found = true;
		if (type === 'VariableDeclaration' && (node as Node & { kind: string }).kind === 'await using')
			found = true;
	});
	return found;
}

function localise(statement: Statement, loop: Loop, names: readonly string[], edits: TextEdits): void {
	const each = (part: (name: string, i: number) => string): string => names.map(part).join(' ');
	const outside = each((name, i) => `const __cell_${i} = ${name};`);
	const inside = each((name, i) => `let ${name} = __cell_${i};`);
	const back = each((name) => `__cell_globals.${name} = ${name};`);
	const counters = 'let __cell_turns = 1, __cell_times = 0; const __cell_globals = __cell.globals;';
	edits.insert(statement.start, `{ ${outside} { ${inside} ${counters} try { `);
	// Counting down to zero is what the compiler makes least of.
	const turn = `if (--__cell_turns === 0) { __cell_turns = __cell_times++ < 1000 ? 1 : 256; ${back} }`;
	for (const { type, start, end } of bodiesIn(loop)) {
		if (type === 'BlockStatement') edits.insert(start + 1, ` ${turn}`);
		else {
			edits.insert(start, `{ ${turn} `);
			edits.insert(end, ' }');
		}
	}
	edits.insert(statement.end, ` } finally { ${back} } } }`);
}

/** Bodies of a loop and of those within it, functions apart. */
function bodiesIn(loop: Loop): Statement[] {
	const functions: Node[] = [];
	const bodies: Statement[] = [];
	const note = ({ body }: Loop): void => void bodies.push(body);
	simple(loop, {
		Function: (node) => void functions.push(node),
		ForStatement: note,
		ForInStatement: note,
		ForOfStatement: note,
		WhileStatement: note,
		DoWhileStatement: note,
	});
	const isInFunction = ({ start, end }: Node): boolean =>
		functions.some((one) => one.start < start && end < one.end);
	// Outer ones first: where two begin at one place, the braces of the outer one are the outer ones.
	return bodies.filter((body) => !isInFunction(body)).sort((a, b) => a.start - b.start || b.end - a.end);
}
