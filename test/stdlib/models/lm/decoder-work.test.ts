import test from 'ava';
import { decoderWork } from '../../../../stdlib/models/lm/decoder-work.ts';
import { lora } from '../../../../stdlib/models/lora.ts';
import { transformer } from '../../../../stdlib/models/transformer.ts';
import { Data } from '../../../../stdlib/values/data.ts';

const model = transformer({ layers: 2, width: 32, heads: 2, context: 64, seed: 0 });
/** One text of 40 bytes and its end, in a row of 48. */
const data = Data.fromRows([{ prompt: 'x'.repeat(20), completion: 'y'.repeat(20) }]);
const passes = { column: 'tokens', rows: 1, scores: true };

test('the operations of a decoder are two a weight and token, and four a channel of each pair of places', async (t) => {
	const { on } = await model.prepare(data, null);
	const { operations } = decoderWork(await model.build(on), passes);
	// Queries, keys, values and out; SwiGLU of 96; the head over 257 bytes and the end.
	const weights = 2 * (4 * 32 * 32 + 3 * 32 * 96) + 257 * 32;
	t.is(operations, 48 * (2 * weights + 2 * 4 * 48 * 32));
});

test('without scores the head is left out, and adapters need no gradients of the weights beside them', async (t) => {
	const { on } = await model.prepare(data, null);
	const whole = decoderWork(await model.build(on), passes).operations;
	const bare = decoderWork(await model.build(on), { ...passes, scores: false }).operations;
	t.is(whole - bare, 48 * 2 * 257 * 32);
	const adapted = lora({ model, rank: 4, alpha: 8 });
	t.is(decoderWork(await adapted.build(on), passes).operations, (whole * 2) / 3);
});
