import test from 'ava';
import { cursor, Notebook } from './notebook.ts';

const notebook = new Notebook({ 'beside.ts': 'export const beside = 1;' });
test.after.always(() => notebook.close());

async function completed(marked: string): Promise<string[]> {
	const { items } = await notebook.engine.complete(...cursor(marked));
	return items.map(({ text }) => text);
}

async function explained(
	marked: string,
	detail: 0 | 1 = 0,
): Promise<{ markdown: string; plain: string } | null> {
	const shown = await notebook.engine.inspect(...cursor(marked), detail);
	return shown && { markdown: String(shown.data['text/markdown']), plain: String(shown.data['text/plain']) };
}

test.serial('members complete with their types', async (t) => {
	t.deepEqual(await notebook.engine.complete(...cursor('Math.fl|')), {
		start: 5,
		end: 7,
		items: [{ text: 'floor', type: 'function', signature: '(method) Math.floor(x: number): number' }],
	});
	t.deepEqual(await completed('[1, 2].fla|'), ['flat', 'flatMap']);
	t.true((await completed("'a'.|")).includes('charCodeAt'));
});

test.serial('names of earlier cells complete, and what they hold', async (t) => {
	await notebook.value(
		'const configuration = { alpha: 1, beta: { gamma: "x" } };\nfunction confirm2(a: number) { return a }\nclass Confusion { matrix = [[1]] }',
	);
	t.deepEqual((await completed('conf|')).sort(), ['Confusion', 'configuration', 'confirm2'].sort());
	t.deepEqual(await completed('configuration.beta.|'), ['gamma']);
	t.deepEqual(await completed('new Confusion().ma|'), ['matrix']);
	t.deepEqual(
		await completed('const configuration = { own: 1 };\nconfiguration.|'),
		['own'],
		'the cell comes first',
	);
});

test.serial('the word around the cursor is replaced, whatever stands before it', async (t) => {
	t.like(await notebook.engine.complete(...cursor('let 𝒙 = "😀"; configuration.be|ta.gamma')), {
		start: 29,
		end: 33,
	});
	t.like(await notebook.engine.complete(...cursor('%time configuration.al|')), { start: 20, end: 22 });
});

test.serial('in strings: keys, modules and files', async (t) => {
	t.deepEqual(await completed('const keys: { "ab-cd": 1; other: 2 } = null!; keys["ab-|"]'), ['ab-cd']);
	t.deepEqual(await completed('import {} from "node:fs|"'), ['node:fs', 'node:fs/promises']);
	t.like(await notebook.engine.complete(...cursor('import {} from "./bes|"')), { start: 18, end: 21 });
	t.deepEqual(await completed('import {} from "./bes|"'), ['beside']);
});

test.serial('a completion says what it is: a column, a function, a property', async (t) => {
	notebook.engine.declareName(
		'tabled',
		"declare const tabled: import('assay/study').StudyFrame<{ alpha: number; beta_se: string }>",
		() => null,
	);
	await notebook.value(`
		function kindFunction() {} class KindClass {} enum KindEnum { One } type KindType = 1;
		const kindArrow = (a: number) => a; const kindPick = (which: 'this' | 'that') => which; let kindNumber = 1; const kindObject = { method() {}, field: 1 };`);
	const kinds = async (marked: string): Promise<Record<string, string>> => {
		const { items } = await notebook.engine.complete(...cursor(marked));
		return Object.fromEntries(items.map(({ text, type }) => [text, type]));
	};
	t.deepEqual(await kinds('tabled.column("|")'), { alpha: 'column', beta_se: 'column' });
	t.deepEqual(await kinds('kind|'), {
		kindFunction: 'function',
		KindClass: 'class',
		KindEnum: 'enum',
		kindArrow: 'function',
		kindPick: 'function',
		kindNumber: 'variable',
		kindObject: 'variable',
	});
	t.deepEqual(await kinds('kindObject.|'), { method: 'function', field: 'property' });
	t.deepEqual(await kinds('KindEnum.|'), { One: 'property' });
	t.like(await kinds('let k: Kind|'), { KindType: 'type', KindClass: 'class' });
	t.deepEqual(await kinds('(within: number) => within|'), { within: 'parameter' });
	t.deepEqual(await kinds("kindPick('|')"), {
		this: 'value',
		that: 'value',
	});
	// So many that nobody asks for the type of each.
	t.like(await kinds('|'), {
		structuredClone: 'function',
		AbortController: 'class',
		Math: 'variable',
		while: 'keyword',
	});
	t.deepEqual(await kinds('import {} from "./|"'), { beside: 'path' }, 'no files of the kernel');
});

test.serial('nothing completes where nothing can', async (t) => {
	t.deepEqual(await completed('zzzzzz|'), []);
	t.deepEqual(await completed('configuration.nothing.|'), []);
	t.false((await completed('_|')).some((text) => text.startsWith('__cell')));
});

test.serial('a name is explained by its type and documentation', async (t) => {
	t.like(await explained('Math.fl|oor'), {
		plain:
			'(method) Math.floor(x: number): number\n\nReturns the greatest integer less than or equal to its numeric argument.\n\n@param x — A numeric expression.',
	});
	t.regex((await explained('Math.floor|'))?.markdown ?? '', /^```typescript\n\(method\) Math\.floor/);
	t.is(await explained('  |  '), null);
	t.regex((await explained('configuration.be|ta'))?.plain ?? '', /gamma: string/);
});

test.serial('between the brackets of a call the function is explained', async (t) => {
	t.regex(
		(await explained('Math.max(1, (2), |)'))?.plain ?? '',
		/Math\.max\(\.\.\.values: number\[\]\): number/,
	);
});

test.serial(
	'functions of earlier cells keep their documentation, and show their source on demand',
	async (t) => {
		await notebook.value(
			'/** Doubles.\n * @param n what is doubled */\nfunction double(n: number): number {\n  return 2 * n; // twice\n}',
		);
		const shown = await explained('dou|ble(3)');
		t.regex(shown?.plain ?? '', /^function double\(n: number\): number\n\nDoubles\./);
		t.notRegex(shown?.plain ?? '', /twice/);
		t.regex((await explained('dou|ble(3)', 1))?.plain ?? '', /return 2 \* n; \/\/ twice/);
	},
);

const COMPLETENESS: readonly [string, string, string?][] = [
	['1 + 1', 'complete'],
	['function f() { return 1 }', 'complete'],
	['const a = [1, 2].map((x) => x)', 'complete'],
	['undeclared.name', 'complete'],
	['', 'complete'],
	['%time 1', 'complete'],
	['function f() {', 'incomplete', '  '],
	['if (x) {\n  foo(', 'incomplete', '    '],
	['const a = [1,', 'incomplete', ''],
	['`unclosed', 'incomplete', ''],
	['/* unclosed', 'incomplete', ''],
	['x =>', 'incomplete', '  '],
	['let let = = ;', 'invalid'],
	['1 +* 2 )', 'invalid'],
	["'unclosed", 'invalid'],
];

for (const [code, status, indent] of COMPLETENESS) {
	test.serial(`is_complete of ${JSON.stringify(code)}: ${status}`, async (t) => {
		t.deepEqual(
			{ ...(await notebook.engine.isComplete(code)) } as object,
			indent === undefined ? { status } : { status, indent },
		);
	});
}
