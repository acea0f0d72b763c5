import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { deleteStaleFolders, signFolder } from '../../../../kernel/jupyter/typescript/stale-folders.ts';

test('folders of processes that are gone are deleted, and no others', (t) => {
	const prefix = `assay-stale-test-${process.pid}-`;
	const folder = (owner: object | null): string => {
		const path = mkdtempSync(join(tmpdir(), prefix));
		if (owner) writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
		t.teardown(() => rmSync(path, { recursive: true, force: true }));
		return path;
	};
	const { pid: gone } = spawnSync(process.execPath, ['-e', '0']);
	const stale = folder({ pid: gone, host: hostname() });
	const elsewhere = folder({ pid: gone, host: 'another-machine' });
	const unsigned = folder(null);
	const mine = folder(null);
	signFolder(mine);
	deleteStaleFolders(prefix);
	t.deepEqual([stale, elsewhere, unsigned, mine].map(existsSync), [false, true, true, true]);
});
