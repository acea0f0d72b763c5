import test from 'ava';
import { Notebook, plain } from './notebook.ts';

const notebook = new Notebook();
test.after.always(() => notebook.close());

test.serial('the console and the streams of the process write to the cell', async (t) => {
	const { shown } = await notebook.run(`
		console.log('a %s', 1, { b: 2 });
		console.error('to stderr');
		console.group('group'); console.info('inside'); console.groupEnd();
		console.table([{ n: 1 }]);
		console.dir({ deep: { er: { and: { deeper: 1 } } } }, { depth: 0 });
		console.count(); console.assert(false, 'asserted');
		process.stdout.write('raw');
	`);
	t.regex(shown.stdout, /^a 1 \{ b: 2 \}\ngroup\n {2}inside\n/);
	t.regex(shown.stdout, /│ \(index\) │ n │/);
	t.regex(shown.stdout, /\{ deep: \[Object\] \}\ndefault: 1\nraw$/);
	t.is(shown.stderr, 'to stderr\nAssertion failed: asserted\n');
});

test.serial('timers and promises that outlive a cell print to it', async (t) => {
	const first = await notebook.run(
		"setTimeout(() => console.log('late'), 30); Promise.resolve().then(() => console.log('soon')); 0",
	);
	const second = await notebook.run(
		"await new Promise((done) => setTimeout(done, 80)); console.log('second')",
	);
	t.is(first.shown.stdout, 'soon\nlate\n');
	t.is(second.shown.stdout, 'second\n');
});

test.serial('display shows every kind of content', async (t) => {
	const { shown } = await notebook.run(`
		import { display } from 'tslab';
		display.html('<b>hi</b>');
		display.markdown('# hi');
		display.svg('<svg/>');
		display.png(new Uint8Array([1, 2, 3]));
		display.raw('application/json', { a: 1 });
	`);
	t.deepEqual(
		shown.displays.map(({ data }) => data),
		[
			{ 'text/html': '<b>hi</b>' },
			{ 'text/markdown': '# hi' },
			{ 'image/svg+xml': '<svg/>' },
			{ 'image/png': 'AQID' },
			{ 'application/json': { a: 1 } },
		],
	);
	t.is((await notebook.error('display.html(5)')).ename, 'TS2345');
});

test.serial('a display can be updated, also from a later cell', async (t) => {
	const first = await notebook.run(
		"import { newDisplay } from 'assay'; const place = newDisplay(); place.text('one'); place.text('two')",
	);
	const second = await notebook.run("place.html('three')");
	const [one, two] = first.shown.displays;
	const [three] = second.shown.displays;
	t.like(one, { data: { 'text/plain': 'one' }, update: false });
	t.like(two, { data: { 'text/plain': 'two' }, update: true });
	t.like(three, { data: { 'text/html': 'three' }, update: true });
	t.is(new Set([one?.displayId, two?.displayId, three?.displayId]).size, 1);
	t.truthy(one?.displayId);
});

test.serial('cells ask and clear', async (t) => {
	const { result, shown } = await notebook.run(
		"import { clearOutput, input } from 'assay'; clearOutput(); clearOutput({ wait: true }); [await input('name? '), await input('key? ', { password: true })]",
	);
	t.deepEqual(shown.cleared, [false, true]);
	t.deepEqual(shown.questions, [
		{ prompt: 'name? ', password: false },
		{ prompt: 'key? ', password: true },
	]);
	t.like(result, { status: 'ok', result: { data: { 'text/plain': "[ 'an answer', 'an answer' ]" } } });
});

test.serial('an error in a display names its place', async (t) => {
	const error = await notebook.error(
		"import { display } from 'assay'\ndisplay.png(null as never)\nthrow new Error('after')",
	);
	t.regex(plain(error), /> 3 │ throw/);
});
