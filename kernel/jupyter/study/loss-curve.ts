export interface LossPoint {
	/** Steps of the optimiser. */
	readonly at: number;
	readonly loss: number;
}

/** Even, so that points are halved in pairs of equal weight. */
const MOST_POINTS = 240;

/** A loss over the steps of a training run, kept at a bounded number of points however long the run is. */
export class LossCurve {
	private kept: LossPoint[] = [];
	/** Points that were told and make one point together. */
	private group = 1;
	private waiting: LossPoint[] = [];

	/** A loss that is no finite number has no place in a curve and is left out. */
	add(at: number, loss: number): void {
		if (!Number.isFinite(loss)) return;
		this.waiting.push({ at, loss });
		if (this.waiting.length < this.group) return;
		this.kept.push(meanOf(this.waiting));
		this.waiting = [];
		if (this.kept.length === MOST_POINTS) this.halve();
	}

	/** In the order of the steps, the newest included. */
	get points(): readonly LossPoint[] {
		return this.waiting.length > 0 ? [...this.kept, meanOf(this.waiting)] : this.kept;
	}

	private halve(): void {
		this.kept = this.kept.flatMap((point, i) =>
			i % 2 === 1 ? [meanOf([this.kept[i - 1] ?? point, point])] : [],
		);
		this.group *= 2;
	}
}

const meanOf = (points: readonly LossPoint[]): LossPoint => ({
	at: points.at(-1)?.at ?? 0,
	loss: points.reduce((sum, { loss }) => sum + loss, 0) / points.length,
});
