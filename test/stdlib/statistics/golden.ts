import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** A test that needs the vectors: skipped, and said so, where they are not, except under CI. */
export function goldenTest(name: string, run: (t: ExecutionContext) => void): void {
	if (existsSync(`${shared}golden`) || process.env.CI === 'true') test(name, run);
	else test.skip(`${name} (shared/golden is not here)`, run);
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
	const text = readFileSync(`${shared}golden/${file}.json`, 'utf8');
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
