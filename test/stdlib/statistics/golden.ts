import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** A file of the shared test data, or null with the reason logged; under CI it must be there. */
export function sharedFile(t: ExecutionContext, path: string): string | null {
	const file = shared + path;
	if (existsSync(file)) return readFileSync(file, 'utf8');
	if (process.env.CI === 'true') t.fail(`${path} is needed under CI`);
	else {
		t.log(`skipped: shared/${path} is not here`);
		t.pass();
	}
	return null;
}

// biome-ignore lint/suspicious/noExplicitAny: golden files are read by their documented shape
type Loose = any;

export interface GoldenCase {
	readonly name: string;
	readonly kind: string;
	readonly input: Loose;
	readonly expected: Loose;
}

export function golden(t: ExecutionContext, file: string, kind: string): readonly GoldenCase[] {
	const text = sharedFile(t, `golden/${file}.json`);
	if (text === null) return [];
	const cases = (JSON.parse(text).cases as GoldenCase[]).filter((c) => c.kind === kind);
	t.true(cases.length > 0, `${file}.json has cases of kind ${kind}`);
	return cases;
}

/** |got - want| <= abs + rel·|want| */
export function close(
	t: ExecutionContext,
	got: number | null | undefined,
	want: number,
	rel = 1e-9,
	abs = 1e-12,
	what = '',
): void {
	const fits = typeof got === 'number' && Math.abs(got - want) <= abs + rel * Math.abs(want);
	t.true(fits, `${what} got ${got}, want ${want}`);
}
