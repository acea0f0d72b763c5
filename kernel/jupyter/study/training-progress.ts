import { compactCount, count, counted } from '../../display/amounts.ts';
import { type Html, html } from '../../display/html.ts';
import { showDuration } from '../../engine/duration.ts';
import type { RunEvent } from '../../engine/events.ts';
import { LossCurve } from './loss-curve.ts';
import { lossFigure, lossSparks } from './loss-figure.ts';

type TrainingEvent = Extract<RunEvent, { type: 'training' }>;

/** One training run as it goes: where its loss is and was, how fast it is, how long it still takes. */
export class TrainingProgress {
	private readonly curve = new LossCurve();
	private last: TrainingEvent;

	constructor(first: TrainingEvent) {
		this.last = first;
		this.add(first);
	}

	add(event: TrainingEvent): void {
		this.last = event;
		this.curve.add(event.at, this.loss);
	}

	/** `loss 0.0213 · 2.1k examples/s · 12 s left`. */
	get now(): string {
		const { examplesPerSecond: speed, secondsLeft: left, at, of } = this.last;
		return [
			`loss ${this.loss.toPrecision(3)}`,
			speed === null ? '' : `${compactCount(speed)} examples/s`,
			left === null || at >= of ? '' : `${showDuration(Math.max(1, Math.round(left)))} left`,
		]
			.filter((part) => part !== '')
			.join(' · ');
	}

	/** `400 steps, loss 0.0213`, or how far it came. */
	get summary(): string {
		const { at, of } = this.last;
		const steps = at >= of ? counted(of, 'step') : `${count(at)} of ${counted(of, 'step')}`;
		return `${steps}, loss ${this.loss.toPrecision(3)}`;
	}

	get figure(): Html {
		return html`${lossFigure(this.curve.points, this.last.of)}`;
	}

	get sparks(): string {
		return lossSparks(this.curve.points);
	}

	/** A line of the history has the mean since the one before it, which says more than one batch. */
	private get loss(): number {
		const mean = this.last.line?.loss;
		return typeof mean === 'number' ? mean : this.last.loss;
	}
}
