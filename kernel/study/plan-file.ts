import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { Plan } from '../../dsl/plan/plan.ts';
import { UserError } from '../../stdlib/define.ts';

const limit = z.number().nonnegative().nullable();
const Node = z.looseObject({
	kind: z.enum(['value', 'rows', 'field', 'eval', 'table', 'train']),
	id: z.string(),
	key: z.string().regex(/^[0-9a-f]{64}$/),
	inputs: z.record(z.string(), z.string()),
	versions: z.record(z.string(), z.string()),
	fingerprints: z.record(z.string(), z.string()),
});
const PlanFile = z.looseObject({
	format: z.literal('assay-plan/1'),
	title: z.string(),
	study: z.object({
		cites: z.array(z.string()),
		seed: z.number(),
		budget: z.object({ usd: limit, tokens: limit, calls: limit, seconds: limit }),
	}),
	source: z.object({ path: z.string().nullable(), text: z.string() }),
	spans: z.array(z.tuple([z.number(), z.number()])),
	nodes: z.array(Node),
	modules: z.record(z.string(), z.object({ path: z.string(), sha256: z.string() })),
});

export function savePlan(plan: Plan, path: string): void {
	writeFileSync(path, `${JSON.stringify(plan)}\n`);
}

/** A saved plan, as it was: nothing is planned again. */
export function loadPlan(path: string): Plan {
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
		throw new UserError(
			missing ? `there is no file ${path}` : `${path} is not JSON: ${(error as Error).message}`,
			'make one with assay plan … --out plan.json',
		);
	}
	const parsed = PlanFile.safeParse(json);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new UserError(
			`${path} is not a plan of this version of Assay (${issue?.path.join('.') || 'top level'}: ${issue?.message})`,
			'make it anew with assay plan … --out plan.json',
		);
	}
	return parsed.data as unknown as Plan;
}
