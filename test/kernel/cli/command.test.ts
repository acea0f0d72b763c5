import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { commands } from '../../../kernel/cli/commands.ts';
import { commandHelp, overview } from '../../../kernel/cli/help.ts';
import { paint } from '../../../kernel/display/paint.ts';
import { assay, studyFolder } from '../../helpers/assay.ts';
import { coins } from '../../helpers/coins.ts';

const STUDY = coins('Coins \u001b[2J');

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
	const folder = studyFolder(files);
	t.teardown(folder.remove);
	return folder.path;
}

test('help fits into 80 columns, with colours too', (t) => {
	for (const color of [false, true]) {
		const texts = [overview(paint(color)), ...commands.map((command) => commandHelp(command, paint(color)))];
		const long = texts
			.flatMap((text) => text.split('\n'))
			.filter((line) => stripVTControlCharacters(line).length > 80);
		t.deepEqual(long, []);
	}
});

test('a command line that is wrong ends with 2 and says what is right', async (t) => {
	const cases: [args: string[], says: RegExp][] = [
		[['rnu'], /there is no command "rnu"/],
		[['study.assay'], /help: assay run study\.assay/],
		[['run'], /name a study or a saved plan/],
		[['run', 'a.assay', '--jsno'], /has no option --jsno[\s\S]*did you mean --json\?/],
		[['run', 'a.assay', '--usd', 'much'], /--usd takes a number, not "much"/],
		[['run', 'a.assay', '--time', 'soon'], /--time takes a duration, not "soon"[\s\S]*90s/],
		[['store', 'toString'], /has no `toString`/],
		[['completion', 'toString'], /say which shell/],
		[['explain', 'A020'], /there is no diagnostic A020/],
	];
	for (const [args, says] of cases) {
		const { code, err } = await assay(args);
		t.is(code, 2, args.join(' '));
		t.regex(err, says);
	}
});

test('fmt goes through a folder, and takes the folder of a store for what it is', async (t) => {
	const cwd = folderWith(t, { 'good.assay': 'let x = 1\n', 'bad.assay': 'let   x=1' });
	mkdirSync(join(cwd, '.assay'));
	mkdirSync(join(cwd, 'sub'));
	writeFileSync(join(cwd, 'sub', 'deep.assay'), 'let   y=1');
	writeFileSync(join(cwd, '.assay', 'hidden.assay'), 'let   z=1');
	const checked = await assay(['fmt', '--check', '.'], { cwd });
	t.is(checked.out, 'bad.assay: would change\nsub/deep.assay: would change\n', checked.err);
	t.is(checked.code, 1);
	t.is((await assay(['fmt', '.'], { cwd })).code, 0);
	t.is((await assay(['fmt', '--check', '.'], { cwd })).code, 0);
});

test('store runs tells how runs ended and what they took, and a title cannot clear the screen', async (t) => {
	const cwd = folderWith(t, { 'study.assay': STUDY });
	t.is((await assay(['run', 'study.assay'], { cwd })).code, 0);
	t.is((await assay(['run', 'study.assay', '--calls', '5', '--set', 'n=40'], { cwd })).code, 4);
	const { out } = await assay(['store', 'runs'], { cwd });
	const [last, first] = out.split('\n');
	t.regex(last ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}budget .* 5 calls .*Coins ␛\[2J$/);
	t.regex(first ?? '', /done .* 20 calls +\$0 +Coins/);
	const stats = await assay(['store'], { cwd });
	t.regex(
		stats.out,
		/25 calls, \d+ finished steps, 2 runs, 0 artefacts[\s\S]*simulated\/simulated: 25 calls/,
	);
	t.is((await assay(['store', 'verify'], { cwd })).out, 'the store is whole\n');
});

test('quiet prints what was asked for and nothing beside it, unless something went wrong', async (t) => {
	const cwd = folderWith(t, { 'study.assay': STUDY });
	const good = await assay(['run', 'study.assay', '-q'], { cwd });
	t.is(good.err, '');
	t.regex(good.out, /rate +n/);
	const short = await assay(['run', 'study.assay', '-q', '--set', 'n=40', '--calls', '3'], { cwd });
	t.is(short.code, 4);
	t.regex(short.err, /stopped by the budget/);
});

test('NO_COLOR wins over FORCE_COLOR, and without a terminal there are no colours', async (t) => {
	const cwd = folderWith(t, { 'study.assay': STUDY.replace(' \u001b[2J', '') });
	const escapes = async (env: Record<string, string>): Promise<boolean> => {
		const { out, err } = await assay(['run', 'study.assay'], { cwd, env });
		return (out + err).includes('\u001b');
	};
	t.false(await escapes({}));
	t.true(await escapes({ FORCE_COLOR: '1' }));
	t.false(await escapes({ FORCE_COLOR: '1', NO_COLOR: '1' }));
});

test('bash completes commands, words and options from the script', async (t) => {
	const complete = async (...words: string[]): Promise<string[]> => {
		const script = `source /dev/stdin <<< "$1"; shift; COMP_WORDS=(assay "$@"); COMP_CWORD=$#; _assay; printf '%s\\n' "\${COMPREPLY[@]}"`;
		const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', text, ...words]);
		return stdout.split('\n').filter((line) => line !== '');
	};
	const { out: text } = await assay(['completion', 'bash']);
	t.deepEqual(await complete('ch'), ['check']);
	t.deepEqual(await complete('store', ''), ['runs', 'verify', 'gc']);
	t.deepEqual(await complete('run', '--max'), ['--max-failures']);
	t.deepEqual(await complete('help', 'ex'), ['explain', 'exit-codes']);
	t.deepEqual(await complete('run', ''), [], 'file names are left to the shell');
});
