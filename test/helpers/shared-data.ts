import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

/** The folder of public data files beside the repository. */
export const sharedData = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A test that needs the public data files: skipped, and said so, where they are not, except under CI. */
export function dataTest(name: string, run: (t: ExecutionContext) => void | Promise<void>): void {
	if (existsSync(sharedData) || process.env.CI === 'true') test(name, run);
	else test.skip(`${name} (shared/data is not here)`, run);
}
