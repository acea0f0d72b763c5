import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Memory of JavaScript objects and of tensors, garbage collected. */
export async function usedBytes(): Promise<number> {
	setFlagsFromString('--expose-gc');
	for (let i = 0; i < 4; i++) {
		runInNewContext('gc')();
		// Native memory is given back when the loop turns.
		await new Promise((resolve) => setImmediate(resolve));
	}
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}
