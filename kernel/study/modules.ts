import { pathToFileURL } from 'node:url';
import type { Plan } from '../../dsl/plan/plan.ts';
import { UserError } from '../../stdlib/define.ts';
import { readModule } from './typescript.ts';

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * The TypeScript modules that a plan uses, loaded. A module that changed since the plan was made is refused: the plan's
 * keys stand for what it was.
 */
export async function loadModules(plan: Plan): Promise<Record<string, Functions>> {
	const loaded: Record<string, Functions> = {};
	for (const [name, { path, sha256 }] of Object.entries(plan.modules)) {
		const found = await readModule(path);
		if (found.sha256 !== sha256)
			throw new UserError(
				`${name} has changed since this plan was made`,
				'make the plan anew: assay plan … --out plan.json',
			);
		const module: unknown = await import(`${pathToFileURL(path).href}?sha256=${sha256}`);
		loaded[name] = module as Functions;
	}
	return loaded;
}
