import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { gguf } from '../../../stdlib/models/gguf.ts';
import { describeWeights } from '../../../stdlib/models/gguf-file.ts';
import type { LlamaSequence } from '../../../stdlib/models/llama-runtime.ts';
import { outsideMass, pathLogprob } from '../../../stdlib/models/option-paths.ts';
import { CallError } from '../../../stdlib/models/provider.ts';
import { SequencePool, type Slot } from '../../../stdlib/models/sequence-pool.ts';
import { Turns } from '../../../stdlib/models/turns.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'assay-gguf-'));

/** A GGUF file (version 3) with metadata of several types and two tensors of 6 and 20 elements. */
function ggufFile(): Buffer {
	const u32 = (value: number): Buffer => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32LE(value);
		return bytes;
	};
	const u64 = (value: number): Buffer => Buffer.concat([u32(value), u32(0)]);
	const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
	const entry = (key: string, type: number, value: Buffer): Buffer =>
		Buffer.concat([text(key), u32(type), value]);
	const tensor = (name: string, dims: number[]): Buffer =>
		Buffer.concat([text(name), u32(dims.length), ...dims.map(u64), u32(0), u64(0)]);
	return Buffer.concat([
		Buffer.from('GGUF'),
		u32(3),
		u64(2),
		u64(4),
		entry('general.name', 8, text('Größe')),
		entry('a.bool', 7, Buffer.from([1])),
		entry('a.words', 9, Buffer.concat([u32(8), u64(3), text('a'), text('bc'), text('')])),
		entry('a.numbers', 9, Buffer.concat([u32(6), u64(2), u32(0), u32(0)])),
		tensor('one', [2, 3]),
		tensor('two', [20]),
		Buffer.alloc(64),
	]);
}

test('the number of weights is read from a file’s header and its hash from its bytes', async (t) => {
	const path = join(await folder(), 'm.gguf');
	const bytes = ggufFile();
	writeFileSync(path, bytes);
	const { createHash } = await import('node:crypto');
	const expected = {
		sha256: createHash('sha256').update(bytes).digest('hex'),
		parameters: 26,
		bytes: bytes.length,
	};
	t.like(describeWeights(path), expected);
	t.like(describeWeights(path), expected, 'and again from what is kept beside it');
	writeFileSync(path, Buffer.concat([bytes, Buffer.from('more')]));
	t.not(describeWeights(path).sha256, expected.sha256, 'a changed file is hashed anew');
});

test('a file that is no GGUF, or ends too early, is refused with a sentence', async (t) => {
	const dir = await folder();
	writeFileSync(join(dir, 'a.gguf'), 'hello there, this is text');
	t.throws(() => describeWeights(join(dir, 'a.gguf')), { name: 'UserError', message: /is not a GGUF file/ });
	writeFileSync(join(dir, 'b.gguf'), ggufFile().subarray(0, 90));
	t.throws(() => describeWeights(join(dir, 'b.gguf')), {
		name: 'UserError',
		message: /ends in the middle of its header/,
	});
});

test('a model that is not here says how to get it', async (t) => {
	process.env.ASSAY_MODELS = await folder();
	t.throws(() => gguf({ model: 'no-such-model' }), {
		name: 'UserError',
		message: /no model "no-such-model"/,
	});
	t.throws(() => gguf({ model: './missing.gguf' }), { name: 'UserError', message: /there is no file/ });
	const { provider } = gguf({ model: 'smollm2-135m-instruct' });
	t.is(provider.parameters, 134_515_008);
	t.is(provider.notice, 'tiny model (135M parameters)');
	t.regex(String(provider.identity.revision), /^[0-9a-f]{64}$/);
	const error = await t.throwsAsync(async () => provider.prepare?.(new AbortController().signal), {
		instanceOf: CallError,
	});
	t.is(error.kind, 'unavailable');
	t.regex(error.message, /assay models pull smollm2-135m-instruct/);
});

test('an option is as likely as its tokens together, and impossible when one could not be seen', (t) => {
	t.is(pathLogprob({ tokens: [1, 2], logprobs: [-1, -0.5] }), -1.5);
	t.is(pathLogprob({ tokens: [1, 2], logprobs: [-1] }), Number.NEGATIVE_INFINITY);
});

test('what lies outside is counted where the options differ', (t) => {
	const log = (...p: number[]): number[] => p.map(Math.log);
	const paths = [
		{ tokens: [9, 1, 5], logprobs: log(0.8, 0.6, 0.1) },
		{ tokens: [9, 2, 5], logprobs: log(0.8, 0.3, 0.2) },
		{ tokens: [7], logprobs: log(0.1) },
	];
	t.true(Math.abs(outsideMass(paths) - (1 - 0.8 * 0.9 - 0.1)) < 1e-12);
	t.true(Math.abs(outsideMass([{ tokens: [1, 2], logprobs: log(0.25, 0.5) }]) - 0.75) < 1e-12);
});

test('an option that goes on from another one is not counted twice', (t) => {
	const log = (...p: number[]): number[] => p.map(Math.log);
	// "No" with 0.5 contains "No, never"; "Yes" has 0.3.
	const paths = [
		{ tokens: ['No'], logprobs: log(0.5) },
		{ tokens: ['No', ', never'], logprobs: log(0.5, 0.4) },
		{ tokens: ['Yes'], logprobs: log(0.3) },
	];
	t.true(Math.abs(outsideMass(paths) - 0.2) < 1e-12);
});

const sequences = (n: number): LlamaSequence[] => Array.from({ length: n }, () => ({}) as LlamaSequence);

test('a prompt gets the sequence that holds most of it', async (t) => {
	const pool = new SequencePool(sequences(2));
	const claim = (tokens: number[], patient = false) => ({ tokens, patient });
	let first: Slot | null = null;
	let second: Slot | null = null;
	await Promise.all([
		pool.use(claim([1, 2, 3, 4]), async (slot) => {
			first = slot;
			slot.held = [1, 2, 3, 4];
		}),
		pool.use(claim([5, 6, 7, 8]), async (slot) => {
			second = slot;
			slot.held = [5, 6, 7, 8];
		}),
	]);
	t.not(first, second);
	await pool.use(claim([5, 6, 9]), async (slot) => t.is<unknown, unknown>(slot, second));
	await pool.use(claim([1, 2, 3, 9]), async (slot) => t.is<unknown, unknown>(slot, first));
});

test('patient prompts that begin alike follow each other on one sequence, impatient ones do not wait', async (t) => {
	const used = async (patient: boolean): Promise<number> => {
		const pool = new SequencePool(sequences(4));
		const slots = new Set<unknown>();
		await Promise.all(
			[
				[1, 2, 3, 4, 5],
				[1, 2, 3, 4, 6],
				[1, 2, 3, 4, 7],
				[1, 2, 3, 4, 8],
			].map((tokens) =>
				pool.use({ tokens, patient }, async (slot) => {
					slots.add(slot);
					await new Promise((resolve) => setTimeout(resolve, 5));
					slot.held = tokens;
				}),
			),
		);
		return slots.size;
	};
	t.is(await used(true), 1);
	t.is(await used(false), 4);
});

test('work that fails gives its sequence back with nothing in it', async (t) => {
	const pool = new SequencePool(sequences(1));
	await t.throwsAsync(
		pool.use({ tokens: [1], patient: false }, async (slot) => {
			slot.held = [1];
			throw new Error('broken');
		}),
	);
	await pool.use({ tokens: [1], patient: false }, async (slot) => t.deepEqual(slot.held, []));
});

test('of any mix of prompts, each is worked on once and never two on one sequence', async (t) => {
	const pool = new SequencePool(sequences(3));
	const busy = new Set<unknown>();
	let done = 0;
	await Promise.all(
		Array.from({ length: 200 }, (_, i) =>
			pool.use({ tokens: [i % 5, i % 7, i], patient: i % 3 > 0 }, async (slot) => {
				t.false(busy.has(slot));
				busy.add(slot);
				await new Promise((resolve) => setImmediate(resolve));
				slot.held = [i % 5, i % 7, i];
				busy.delete(slot);
				done++;
			}),
		),
	);
	t.is(done, 200);
});

test('what runs alone runs alone, and steps run together', async (t) => {
	const turns = new Turns();
	const log: string[] = [];
	let inside = 0;
	let most = 0;
	const work = (name: string, alone: boolean) => async (): Promise<void> => {
		inside++;
		if (alone) t.is(inside, 1);
		most = Math.max(most, inside);
		await new Promise((resolve) => setTimeout(resolve, 3));
		log.push(name);
		inside--;
	};
	await Promise.all([
		turns.runTogether(work('a', false)),
		turns.runTogether(work('b', false)),
		turns.runAlone(work('c', true)),
		turns.runTogether(work('d', false)),
		turns.runAlone(work('e', true)).then(() => t.pass()),
	]);
	t.deepEqual(log, ['a', 'b', 'c', 'd', 'e']);
	t.is(most, 2);
});
