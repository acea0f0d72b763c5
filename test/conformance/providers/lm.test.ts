import { lm } from '../../../stdlib/models/lm.ts';
import { MODEL, smallModel } from '../servers.ts';
import { providerSuite } from '../suite.ts';

providerSuite(
	'lm',
	async () => {
		const model = await smallModel();
		return 'missing' in model ? model : { here: lm({ model: MODEL, context: 512 }).provider };
	},
	// Options asked for apart are laid out in rows of other lengths, whose sums are rounded otherwise.
	{ seeds: true, prefill: true, exactScores: true, tolerance: 1e-6, writes: true, context: 512, slow: true },
);
