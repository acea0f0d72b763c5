import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';

/** Otherwise V8 lets short-lived garbage grow to 100 MB before it looks. */
const SMALL_NURSERY = '--max-semi-space-size=8';

test('20,000 calls at 20 in flight take less than 250 MB, and of those that are done only their keys stay', (t) => {
	const child = fileURLToPath(new URL('memory-child.ts', import.meta.url));
	const args = [SMALL_NURSERY, '--expose-gc', child];
	const { peak, growth } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
	t.log(`${peak} MB at most, ${growth.toFixed(1)} MB more in use after 15,000 more calls`);
	t.true(peak > 0 && peak < 250);
	// The texts of 15,000 calls are 39 MB.
	t.true(growth < 6);
});
