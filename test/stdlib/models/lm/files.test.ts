import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../../../stdlib/define.ts';
import { GGUF_STORAGES } from '../../../../stdlib/models/lm/dequantise.ts';
import { openTransformer } from '../../../../stdlib/models/lm/open.ts';
import { type GgufParts, ggufBytes } from '../../../helpers/gguf-file.ts';
import { near } from '../../../helpers/golden.ts';
import { tinyConfig, tinyModel, tinyWeights } from '../../../helpers/tiny-model.ts';

interface Blocks {
	readonly cases: readonly {
		readonly name: string;
		readonly ggml_type: number;
		readonly bytes: string;
		readonly values: string;
	}[];
}

const { cases } = JSON.parse(
	readFileSync(new URL('../../../fixtures/ggml-blocks.json', import.meta.url), 'utf8'),
) as Blocks;

for (const { name, ggml_type, bytes, values } of cases)
	test(`${name} is read as the Python package gguf reads it`, (t) => {
		const storage = GGUF_STORAGES.get(ggml_type);
		if (!storage) return void t.fail('not known');
		const [stored, wanted] = [Buffer.from(bytes, 'base64'), Buffer.from(values, 'base64')];
		const expected = new Float32Array(Uint8Array.from(wanted).buffer);
		const found = new Float32Array(expected.length);
		t.is(stored.length, (found.length / storage.values) * storage.bytes);
		const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
		storage.read(view, 0, found.length / storage.values, found);
		near(t, found, expected, name, { rel: 1e-6, abs: 1e-7 });
	});

const file = (parts: Partial<GgufParts> = {}): string => {
	const path = join(mkdtempSync(join(tmpdir(), 'assay-lm-')), 'm.gguf');
	writeFileSync(path, ggufBytes(parts));
	return path;
};

const refused = async (t: ExecutionContext, path: string, message: RegExp): Promise<void> => {
	await t.throwsAsync(
		async () => {
			const stored = await openTransformer(path);
			try {
				for (const _ of stored.weights());
			} finally {
				stored.close();
			}
		},
		{ instanceOf: UserError, message },
	);
};

test('a GGUF file gives the weights that a folder in Hugging Face’s layout gives', async (t) => {
	const [fromGguf, fromFolder] = await Promise.all([file(), tinyModel()].map(openTransformer));
	t.deepEqual(fromGguf?.config, { ...fromFolder?.config, context: fromGguf?.config.context });
	const [ours, theirs] = [new Map(fromGguf?.weights()), new Map(fromFolder?.weights())];
	t.deepEqual([...ours.keys()], [...theirs.keys()]);
	const expected = tinyWeights(tinyConfig());
	for (const [name, { data }] of expected) {
		t.deepEqual(ours.get(name)?.data, data, name);
		t.deepEqual(theirs.get(name)?.data, data, name);
	}
});

for (const layout of [
	{},
	{
		norm: { kind: 'layer', epsilon: 1e-5 },
		positions: { kind: 'learned' },
		keyValueHeads: 4,
		activation: 'gelu_tanh',
		gated: false,
		biases: { queryKeyValue: true, output: true, feedForward: true },
	},
	{ biases: { queryKeyValue: true, output: false, feedForward: false }, tied: false },
] as const)
	test(`a folder gives back its settings and weights: ${JSON.stringify(layout).slice(0, 60)}`, async (t) => {
		const stored = await openTransformer(tinyModel(layout));
		t.deepEqual(stored.config, tinyConfig(layout));
		const expected = tinyWeights(stored.config);
		for (const [name, { shape, data }] of stored.weights()) {
			t.deepEqual(data, expected.get(name)?.data, name);
			t.deepEqual(shape, expected.get(name)?.shape, name);
		}
	});

test('a GGUF file of another architecture is refused by its name', (t) =>
	refused(t, file({ architecture: 'mamba' }), /architecture mamba, which lm cannot compute/));

test('a GGUF file that is cut short is refused', async (t) => {
	for (const [keep, message] of [
		[0.99, /cut short: .* would end at byte/],
		[0.05, /ends in the middle of its header/],
	] as const) {
		const path = file();
		truncateSync(path, Math.floor(readFileSync(path).length * keep));
		await refused(t, path, message);
	}
});

test('a GGUF file that lies about a tensor’s shape, place or storage is refused', async (t) => {
	await refused(
		t,
		file({ shapes: { 'blk.1.attn_q.weight': [32, 31] } }),
		/attn_q.weight is \[31, 32\], where .* make it \[32, 32\]/,
	);
	await refused(
		t,
		file({ shapes: { 'blk.1.attn_q.weight': [2 ** 40, 2 ** 20] } }),
		/header cannot be read: .*exceeds/,
	);
	await refused(t, file({ type: 99 }), /cannot read \(ggml type 99\)/);
	await refused(t, file({ without: 'blk.0.ffn_up.weight' }), /has no tensor blk.0.ffn_up.weight/);
	await refused(t, file({ tokenizer: 'llama' }), /cuts text into tokens by llama/);
	await refused(t, file({ pre: 'new-one' }), /cuts text into words by "new-one"/);
});

test('a folder with a damaged safetensors file is refused', async (t) => {
	const damaged = (change: (path: string) => void): string => {
		const folder = tinyModel();
		change(join(folder, 'model.safetensors'));
		return folder;
	};
	await refused(
		t,
		damaged((path) => truncateSync(path, 3)),
		/ends in the middle of its header/,
	);
	await refused(
		t,
		damaged((path) => truncateSync(path, 90_000)),
		/cut short/,
	);
	await refused(
		t,
		damaged((path) => writeFileSync(path, Buffer.alloc(64, 0xff))),
		/is not a safetensors file/,
	);
	await refused(
		t,
		damaged((path) => rmSync(path)),
		/has no model.safetensors/,
	);
	const text = (from: string, to: string) => (path: string) => {
		const bytes = readFileSync(path);
		bytes.write(to, bytes.indexOf(from));
		writeFileSync(path, bytes);
	};
	await refused(t, damaged(text('"F32"', '"I32"')), /is I32, which lm cannot read/);
	await refused(
		t,
		damaged(text('[257,32]', '[257,33]')),
		/bytes, which is not what \[257, 33\] of F32 takes/,
	);
});

test('a folder whose config.json names another architecture, or a setting that is not computed, is refused', async (t) => {
	const changed = (change: Record<string, unknown>): string => {
		const folder = tinyModel();
		const path = join(folder, 'config.json');
		writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
		return folder;
	};
	await refused(t, changed({ model_type: 'mamba' }), /architecture mamba/);
	const without = tinyModel();
	rmSync(join(without, 'config.json'));
	await refused(t, without, /^there is no file .*config\.json$/);
	await refused(t, changed({ hidden_act: 'relu' }), /hidden_act/);
	await refused(t, changed({ rope_scaling: { rope_type: 'yarn', factor: 4 } }), /by yarn/);
	await refused(t, changed({ num_key_value_heads: 3 }), /cannot share 3 heads/);
});
