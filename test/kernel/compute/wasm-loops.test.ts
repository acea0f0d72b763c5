import test from 'ava';
import { assembled } from '../../../kernel/compute/devices/wasm-kernels/assemble.ts';
import { LOOPS_MODULE } from '../../../kernel/compute/devices/wasm-kernels/loops-module.ts';

test('the loops that run are those of loops.wat', async (t) => {
	t.is(LOOPS_MODULE, Buffer.from(await assembled()).toString('base64'));
});
