import test from 'ava';
import { Workspace } from '../../../dsl/service/workspace.ts';
import { testLibrary } from '../../helpers/library.ts';
import { marked, showSpans } from '../../helpers/marked-source.ts';

function notebook(...cells: readonly string[]): Workspace {
	const workspace = new Workspace({ library: testLibrary });
	for (const [i, text] of cells.entries()) workspace.set(`c${i + 1}`, text);
	return workspace;
}

const codes = (workspace: Workspace, cell: string): string[] =>
	workspace.diagnostics(cell).map((d) => d.code);

test('a cell uses what the cells before it declare', (t) => {
	const workspace = notebook('data items = bbq()', 'eval e { for x in items y = x.category }');
	t.deepEqual(codes(workspace, 'c2'), []);
	const { text, offset } = marked('eval f { for x in items y = x.‸ }');
	workspace.set('c3', text);
	t.true(workspace.complete('c3', offset).items.some((item) => item.label === 'category'));
});

test('problems are told in the offsets of their own cell', (t) => {
	const workspace = notebook('let a = 1', 'let b = nowhere + a');
	t.deepEqual(codes(workspace, 'c1'), []);
	const [problem] = workspace.diagnostics('c2');
	t.is(showSpans('let b = nowhere + a', problem ? [problem.span] : []), 'let b = «nowhere» + a');
});

test('a later cell may declare a name again, and the later one counts', (t) => {
	const workspace = notebook('let n = 1', 'let m = n + 1', 'let n = "text"');
	t.deepEqual(codes(workspace, 'c3'), []);
	t.deepEqual(codes(workspace, 'c2'), ['A0205']);
	workspace.set('c2', 'let m = "{n}"');
	t.deepEqual(codes(workspace, 'c2'), []);
});

test('a name that one cell declares twice is still a mistake', (t) => {
	t.deepEqual(codes(notebook('let n = 1\nlet n = 2'), 'c1'), ['A0102']);
});

test('setting a cell again replaces what it said before', (t) => {
	const workspace = notebook('let n = 1\nlet old = 2', 'let m = n + 1');
	workspace.set('c1', 'let n = 10');
	t.deepEqual(workspace.ids, ['c2', 'c1']);
	t.false(workspace.text.includes('old'));
	t.deepEqual(codes(workspace, 'c2'), []);
	workspace.remove('c1');
	t.deepEqual(codes(workspace, 'c2'), ['A0101']);
});

test('a study and single names of `use` are replaced as well', (t) => {
	const workspace = notebook(
		'study "One" { seed: 1 }\nuse starts_well, grade, other from "./scorers.ts"',
		'study "Two"\nlet starts_well = 1\nlet other = 2',
	);
	t.regex(workspace.text, /use\s+grade\s+from/);
	t.deepEqual(workspace.diagnostics('c2'), []);
	t.deepEqual(
		workspace.diagnostics('c1').map((d) => d.code),
		[],
	);
});

test('blanking moves no offset, so that every cell keeps its lines', (t) => {
	const first = 'let n = 1\nprompt p(x: Text) {\n  user "{x}"\n}\nlet k = 2';
	const workspace = notebook(first, 'prompt p(y: Text) { user "{y}" }');
	t.is(workspace.text.slice(0, first.length).split('\n').length, first.split('\n').length);
	t.is(workspace.text.indexOf('let k'), first.indexOf('let k'));
	t.deepEqual(workspace.locate(workspace.text.indexOf('user')), {
		cell: 'c2',
		offset: 'prompt p(y: Text) { '.length,
	});
});

test('definitions, references and renames cross cells', (t) => {
	const workspace = notebook('let count = 1', 'let more = count + 1', 'let most = more + count');
	t.deepEqual(workspace.definition('c3', 'let most = more + co'.length), {
		cell: 'c1',
		span: { start: 4, end: 9 },
	});
	t.deepEqual(
		workspace.references('c1', 5).map((place) => place.cell),
		['c1', 'c2', 'c3'],
	);
	const renaming = workspace.rename('c2', 'let more = co'.length, 'total');
	t.is(renaming.kind, 'edits');
	t.deepEqual(renaming.kind === 'edits' && renaming.edits.map(({ cell, edit }) => [cell, edit.text]), [
		['c1', 'total'],
		['c2', 'total'],
		['c3', 'total'],
	]);
});

test('a fork can be typed into without changing the notebook', (t) => {
	const workspace = notebook('let n = 1');
	const typing = workspace.fork();
	const { text, offset } = marked('let n = ro‸');
	typing.set('typing', text);
	t.is(typing.complete('typing', offset).items[0]?.label, 'round');
	t.deepEqual(workspace.ids, ['c1']);
	t.is(workspace.text, 'let n = 1');
});

test('hovers and signatures are told in the offsets of their cell', (t) => {
	const workspace = notebook('let n = 1', 'let m = round(n, 2)');
	const hover = workspace.hover('c2', 'let m = round(n'.length);
	t.is(hover && showSpans('let m = round(n, 2)', [hover.span]), 'let m = round(«n», 2)');
	t.is(workspace.signatureHelp('c2', 'let m = round(n, '.length)?.activeParameter, 1);
});
