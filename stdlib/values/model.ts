import type { ModelProvider } from '../models/provider.ts';

/** A model as a value of a study. */
export class ModelHandle {
	readonly provider: ModelProvider;

	constructor(provider: ModelProvider) {
		this.provider = provider;
	}

	/** Short name for tables and legends. */
	get name(): string {
		return this.provider.identity.model;
	}

	/** Number of weights, or null where it is not published. */
	get parameters(): number | null {
		return this.provider.parameters;
	}
}
