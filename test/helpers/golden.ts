import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

/** Vectors that an independent implementation computed in double precision. */
const folder = fileURLToPath(new URL('../../../shared/golden/', import.meta.url));

export interface GoldenTensor {
	readonly shape: number[];
	readonly data: number[];
}

// biome-ignore lint/suspicious/noExplicitAny: every kind of case has inputs of its own
export type GoldenCase = { name: string; kind: string; input: any; expected: any };

const missing = new Set<string>();

/** A test for every case of a file that `wanted` takes; one that is skipped, where the vectors are not here. */
export function goldenTests(
	file: string,
	wanted: (found: GoldenCase) => boolean,
	run: (t: ExecutionContext, found: GoldenCase) => void | Promise<void>,
): void {
	const path = `${folder}${file}.json`;
	if (!existsSync(path)) {
		// A test file may take several parts of one file of vectors, and titles are unique.
		if (missing.has(file)) return;
		missing.add(file);
		const said = process.env.CI === 'true' ? test : test.skip;
		said(`${file}: shared/golden is not here`, (t) => t.fail());
		return;
	}
	const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: GoldenCase[] };
	for (const found of cases.filter(wanted)) test(`${file} ${found.name}`, (t) => run(t, found));
}

/** What single precision is held to. */
export function near(
	t: ExecutionContext,
	actual: ArrayLike<number>,
	expected: ArrayLike<number>,
	what: string,
	{ rel = 1e-4, abs = 1e-5 }: { rel?: number; abs?: number } = {},
): void {
	t.is(actual.length, expected.length, `${what}: length`);
	for (let i = 0; i < expected.length; i++) {
		const [got, want] = [actual[i] as number, expected[i] as number];
		if (!(Math.abs(got - want) <= abs + rel * Math.abs(want))) {
			t.fail(`${what}[${i}] is ${got}, expected ${want}`);
			return;
		}
	}
	t.pass();
}
