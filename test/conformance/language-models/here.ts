import type { ExecutionContext } from 'ava';
import type { Needed } from '../servers.ts';

/** What a test needs, or null after saying that it is not here; a failure where CI is to run everything. */
export function here<T>(t: ExecutionContext, needed: Needed<T>): T | null {
	if ('here' in needed) return needed.here;
	t.log(`skipped: ${needed.missing}`);
	if (process.env.CI === 'true') t.fail(needed.missing);
	else t.pass();
	return null;
}
