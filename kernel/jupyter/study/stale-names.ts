import type { Plan } from '../../../dsl/plan/plan.ts';

/** Which results were made by another program than the one that the cells make now. */
export class StaleNames {
	/** Keys that results were made with, by name. */
	private readonly keys = new Map<string, string>();

	/** These names have been run as this plan has them. */
	ran(plan: Plan, names: readonly string[]): void {
		for (const { id, key } of plan.nodes) if (names.includes(id)) this.keys.set(id, key);
	}

	/** Results whose step is another one in this plan, in its order. */
	in(plan: Plan): string[] {
		return plan.nodes
			.filter(({ id, key }) => {
				const made = this.keys.get(id);
				return made !== undefined && made !== key;
			})
			.map(({ id }) => id);
	}
}
