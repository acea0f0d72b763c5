import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';

/** Otherwise V8 lets short-lived garbage grow to 100 MB before it looks. */
const SMALL_NURSERY = '--max-semi-space-size=8';

test('20,000 calls at 20 in flight take less than 250 MB', (t) => {
	const child = fileURLToPath(new URL('memory-child.ts', import.meta.url));
	const megabytes = Number(execFileSync(process.execPath, [SMALL_NURSERY, child], { encoding: 'utf8' }));
	t.log(`${megabytes} MB at most`);
	t.true(megabytes > 0 && megabytes < 250);
});
