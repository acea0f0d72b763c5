import { debug } from '../debug.ts';
import type { PendingGraph } from './pending-graph.ts';

/** So many compilations of the same operations under ever new shapes are taken for a pattern. */
const PATTERN = 16;

/** Smaller graphs are what somebody tries out in a notebook. */
const WORTH_SAYING = 10;

/** Notices graphs that are compiled again and again because their shapes change every time. */
export class Churn {
	private readonly compiled = new Map<string, number>();

	/** Counts one more compilation. @returns whether this is no longer worth optimising */
	note({ operations, leaves }: PendingGraph): boolean {
		const family = operations.map(({ kernel }) => kernel.name).join();
		const count = (this.compiled.get(family) ?? 0) + 1;
		this.compiled.set(family, count);
		if (count === PATTERN && operations.length >= WORTH_SAYING)
			this.advise(
				operations.length,
				leaves.map(({ shape }) => `[${shape.join(', ')}]`),
			);
		return count >= PATTERN;
	}

	private advise(operations: number, shapes: readonly string[]): void {
		debug('%d operations were compiled for %d shapes; now %s', operations, PATTERN, shapes.join(' '));
		process.emitWarning(
			`the same ${operations} tensor operations were compiled ${PATTERN} times, each time for other shapes (last ${summary(shapes)}). ` +
				'Every new shape costs a compilation: pad to a few fixed lengths and mask, or keep the batch size fixed.',
			{ type: 'AssayWarning', code: 'ASSAY_SHAPES' },
		);
	}
}

const summary = (shapes: readonly string[]): string =>
	shapes.length > 4 ? `${shapes.slice(0, 4).join(', ')} and ${shapes.length - 4} more` : shapes.join(', ');
