import { simulated } from '../../../stdlib/models/simulated.ts';
import { providerSuite } from '../suite.ts';

providerSuite('simulated', async () => ({ here: simulated().provider }), {
	seeds: true,
	prefill: false,
	exactScores: false,
	tolerance: 0,
	writes: false,
	context: null,
	slow: false,
});
