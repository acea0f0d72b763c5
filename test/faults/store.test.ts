import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { openStore } from '../../kernel/engine/store/store.ts';
import { UserError } from '../../stdlib/define.ts';
import { callOf, newFolder, newPath } from '../kernel/engine/store/stores.ts';

const CHILD = fileURLToPath(new URL('store-child.ts', import.meta.url));

const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

function child(...args: string[]): ChildProcess {
	return spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const output = (process: ChildProcess): Promise<string> =>
	new Promise((resolve, reject) => {
		let text = '';
		process.stdout?.on('data', (data: Buffer) => {
			text += data;
		});
		process.on('error', reject);
		process.on('close', () => resolve(text));
	});

const ended = (text: string): string[] =>
	text
		.slice(0, text.lastIndexOf('\n') + 1)
		.split('\n')
		.filter(Boolean);

test.serial(
	'thirty kills at random instants lose nothing that came more than a few milliseconds before',
	async (t) => {
		const path = newPath();
		const promised: string[] = [];
		for (let kill = 0; kill < 30; kill++) {
			const process = child('put-for-ever', path, `round ${kill}`);
			const text = output(process);
			await new Promise((resolve) => process.stdout?.once('data', resolve));
			await new Promise((resolve) => setTimeout(resolve, 1 + ((kill * 37) % 60)));
			process.kill('SIGKILL');
			promised.push(
				...ended(await text)
					.slice(1)
					.flatMap((line) => line.split(' ')),
			);
		}
		const store = openStore(path);
		const lost = promised.filter((key) => store.getResult(key) === undefined);
		t.true(promised.length > 300, `${promised.length} calls were promised`);
		t.deepEqual(lost, []);
		t.deepEqual(store.verify(), []);
		store.close();
	},
);

test('four runs at once on one new store lose nothing of each other', async (t) => {
	const path = newPath();
	const names = ['a', 'b', 'c', 'd'];
	const outputs = await Promise.all(names.map((name) => output(child('put-some', path, name))));
	t.deepEqual(
		outputs,
		names.map(() => 'done\n'),
	);
	const store = openStore(path);
	for (const name of names) {
		for (let i = 0; i < 300; i++) {
			if (!store.getResult(callOf(`${name} ${i}`)[0])) t.fail(`${name} ${i} is lost`);
		}
		t.truthy(store.getStep(`${name} 250`));
	}
	t.is([...store.usedCalls(['step'])].length, 1200);
	t.deepEqual(store.verify(), []);
	store.close();
});

test('process.exit in the middle of a turn loses nothing', async (t) => {
	const path = newPath();
	await output(child('exit-at-once', path, 'q'));
	t.truthy(openStore(path, { readOnly: true }).getResult(callOf('q')[0]));
});

/** A file system of two megabytes, where this machine lets us make one. */
function smallDisk(): string | null {
	const folder = newFolder();
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
		return folder;
	} catch {
		return null;
	}
}

test.serial('a full disk is said, loses nothing, and writing goes on when there is room again', async (t) => {
	const folder = smallDisk();
	if (!folder) {
		t.log('skipped: file systems cannot be mounted here');
		t.pass();
		return;
	}
	try {
		const path = join(folder, 'store.db');
		const ballast = join(folder, 'ballast');
		writeFileSync(ballast, Buffer.alloc(1_000_000));
		const store = openStore(path);
		const put: string[] = [];
		const error = t.throws(
			() => {
				for (let i = 0; ; i++) {
					const [key, call] = callOf(`question ${i} ${'x'.repeat(2000)}`);
					put.push(key);
					store.putCall(key, call);
					if (i % 10 === 0) store.flush();
				}
			},
			{ instanceOf: UserError, message: /the disk is full/ },
		);
		t.truthy(error);
		t.true(store.failure instanceof UserError);
		t.true(put.every((key) => store.getResult(key) !== undefined));
		execFileSync('rm', [ballast]);
		store.flush();
		t.is(store.failure, null);
		store.close();
		const again = openStore(path);
		t.true(put.every((key) => again.getResult(key) !== undefined));
		t.deepEqual(again.verify(), []);
		again.close();
	} finally {
		execFileSync('umount', [folder]);
	}
});

test('a failure in the background is thrown by the next write', async (t) => {
	const path = newPath();
	const store = openStore(path, { busyMs: 50 });
	const other = new DatabaseSync(path);
	other.exec('BEGIN IMMEDIATE');
	const [key, call] = callOf('q');
	store.putCall(key, call);
	await turnEnd();
	t.regex(store.failure?.message ?? '', /is locked by another program/);
	t.throws(() => store.putCall(...callOf('r')), { instanceOf: UserError, message: /is locked/ });
	other.exec('ROLLBACK');
	store.putCall(...callOf('s'));
	await turnEnd();
	t.is(store.failure, null);
	store.close();
	const again = openStore(path);
	for (const q of ['q', 'r', 's']) t.truthy(again.getResult(callOf(q)[0]), q);
	again.close();
	other.close();
});

test('a store that may only be read says so', async (t) => {
	if (process.getuid?.() !== 0) {
		t.log('skipped: only root can become nobody');
		t.pass();
		return;
	}
	const path = newPath();
	const store = openStore(path);
	store.putCall(...callOf('old'));
	store.close();
	chmodSync(path, 0o444);
	chmodSync(dirname(dirname(path)), 0o755);
	chmodSync(dirname(path), 0o755);
	const said = JSON.parse(await output(child('write-as-nobody', path))) as {
		name: string;
		message: string;
		help: string;
	};
	t.is(said.name, 'UserError');
	t.regex(said.message, /store .* (cannot be written|cannot be opened)/);
	t.truthy(said.help);
});

test('a store that is opened for reading is not written, and not made', (t) => {
	const path = newPath();
	t.throws(() => openStore(path, { readOnly: true }), {
		instanceOf: UserError,
		message: /there is no store at/,
	});
	t.false(existsSync(path));
	openStore(path).close();
	const store = openStore(path, { readOnly: true });
	t.throws(() => store.putCall(...callOf('q')), { instanceOf: UserError, message: /reading only/ });
	store.close();
});

const damagedStore = (damage: (path: string) => void): string => {
	const path = newPath();
	const store = openStore(path);
	for (let i = 0; i < 2000; i++) store.putCall(...callOf(`q${i}`));
	store.close();
	damage(path);
	return path;
};

test('a file that is not a database is said to be none, and is left as it is', (t) => {
	const path = newPath();
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, 'these are my notes, not a store\n'.repeat(100));
	const before = readFileSync(path);
	const error = t.throws(() => openStore(path), {
		instanceOf: UserError,
		message: /damaged: the file is not a database/,
	});
	t.regex((error as UserError).help ?? '', /Move it aside/);
	t.deepEqual(readFileSync(path), before);
});

test('the database of another program is not touched', (t) => {
	const path = join(newFolder(), 'store.db');
	const other = new DatabaseSync(path);
	other.exec('CREATE TABLE notes (text)');
	other.close();
	const before = readFileSync(path);
	t.throws(() => openStore(path), { instanceOf: UserError, message: /database of another program/ });
	t.deepEqual(readFileSync(path), before);
});

test('a store with broken pages is said to be damaged, by verify and by whoever reads them', (t) => {
	const path = damagedStore((file) => {
		const bytes = readFileSync(file);
		bytes.fill(0xa5, 8192 * 3, bytes.length - 8192);
		writeFileSync(file, bytes);
	});
	const read = (): void => {
		const store = openStore(path);
		try {
			t.true(store.verify().length > 0);
			for (let i = 0; i < 2000; i++) store.getResult(callOf(`q${i}`)[0]);
		} finally {
			store.close();
		}
	};
	t.throws(read, { instanceOf: UserError, message: /is damaged/ });
});

test('a store that was cut in half is said to be damaged', (t) => {
	const path = damagedStore((file) => truncateSync(file, 8192 * 10));
	t.throws(
		() => {
			const store = openStore(path);
			for (let i = 0; i < 2000; i++) store.getResult(callOf(`q${i}`)[0]);
		},
		{ instanceOf: UserError, message: /damaged|disk failed/ },
	);
});

test('a store of a newer Assay is not touched', (t) => {
	const path = damagedStore((file) => {
		const db = new DatabaseSync(file);
		db.exec('PRAGMA user_version = 99');
		db.close();
	});
	const copy = `${path}.copy`;
	copyFileSync(path, copy);
	t.throws(() => openStore(path), {
		instanceOf: UserError,
		message: /written by a newer Assay \(its format is 99/,
	});
	t.deepEqual(readFileSync(path), readFileSync(copy));
});

test('a file in the place of the folder is said', (t) => {
	const folder = newFolder();
	writeFileSync(join(folder, '.assay'), 'a file');
	t.throws(() => openStore(join(folder, '.assay', 'store.db')), {
		instanceOf: UserError,
		message: /folder of the store/,
	});
});
