import { gguf } from '../../../stdlib/models/gguf.ts';
import { MODEL, smallModel } from '../servers.ts';
import { providerSuite } from '../suite.ts';

providerSuite(
	'gguf',
	async () => {
		const model = await smallModel();
		return 'missing' in model ? model : { here: gguf({ model: MODEL, context: 512, threads: 1 }).provider };
	},
	{ seeds: true, prefill: true, exactScores: true, tolerance: 1e-9, writes: true, context: 512, slow: true },
);
