import { count, counted, spending } from '../../display/amounts.ts';
import { type Html, html, trustedHtml } from '../../display/html.ts';
import { ProgressTally, type StepProgress } from '../../display/progress-tally.ts';
import { showDuration } from '../../engine/duration.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { DisplayData } from '../contracts.ts';
import { TrainingProgress } from './training-progress.ts';

/** What differs from run to run: whoever compares runs leaves it out. */
const VOLATILE = { assay: { volatile: true } };
const FRAME_MS = 100;
const MOST_STEPS = 12;

export interface ProgressTarget {
	/** Shows it first, and in its place from then on. */
	show(shown: DisplayData): void;
}

/**
 * One display for a run: its steps at work with rows done, calls, money and time left, and the loss of what is being trained;
 * in the end a line, and each training's loss as it went.
 */
export class ProgressDisplay {
	private readonly target: ProgressTarget;
	private readonly tally = new ProgressTally();
	private readonly trainings = new Map<string, TrainingProgress>();
	private readonly started = performance.now();
	private readonly timer: NodeJS.Timeout;
	private drawnAt = Number.NEGATIVE_INFINITY;
	private dirty = false;
	private title = '';
	private steps = 0;
	private doneSteps = 0;

	constructor(target: ProgressTarget) {
		this.target = target;
		this.timer = setInterval(() => this.dirty && this.draw(), FRAME_MS);
	}

	onEvent(event: RunEvent): void {
		this.tally.add(event, performance.now());
		if (event.type === 'run-started') {
			this.title = event.title;
			this.steps = event.steps.length;
		}
		if (event.type === 'step-finished') this.doneSteps++;
		if (event.type === 'training') this.addTraining(event);
		this.dirty = true;
		if (performance.now() - this.drawnAt >= FRAME_MS) this.draw();
	}

	/** Replaces the display by the run's last line. Nothing is drawn after it. */
	close(lastLine: string): void {
		clearInterval(this.timer);
		const trainings = [...this.trainings];
		this.target.show({
			data: {
				'text/plain': [lastLine, ...trainings.map(([step, training]) => endText(step, training))].join('\n'),
				'text/html':
					html`<small style="${DIM}">${lastLine}</small>${trainings.map(([step, training]) => endHtml(step, training))}`
						.text,
			},
			metadata: VOLATILE,
		});
	}

	private draw(): void {
		const now = performance.now();
		this.tally.sample(now);
		this.drawnAt = now;
		this.dirty = false;
		const active = [...this.tally.active.values()].filter(
			(step) => step.total === null || step.done < step.total,
		);
		const status = this.status();
		this.target.show({
			data: {
				'text/plain': [`${this.title}: ${status}`, ...active.flatMap((step) => this.textOf(step))].join('\n'),
				'text/html':
					html`<div class="assay-progress"><div><b>${this.title}</b> <small style="${DIM}">${status}</small></div>${active.slice(0, MOST_STEPS).map((step) => this.htmlOf(step))}</div>`
						.text,
			},
			metadata: VOLATILE,
		});
	}

	private addTraining(event: Extract<RunEvent, { type: 'training' }>): void {
		const known = this.trainings.get(event.step);
		if (known) known.add(event);
		else this.trainings.set(event.step, new TrainingProgress(event));
	}

	private textOf(step: StepProgress): string[] {
		const training = this.trainings.get(step.id);
		return training ? [`${stepText(step)}  ${training.now}`, `  ${training.sparks}`] : [stepText(step)];
	}

	private htmlOf(step: StepProgress): Html {
		const training = this.trainings.get(step.id);
		return training
			? html`${stepHtml(step)}<div><small>${training.now}</small>${training.figure}</div>`
			: stepHtml(step);
	}

	private status(): string {
		const { tally } = this;
		const left = tally.secondsLeft;
		const parts = [
			`${count(this.doneSteps)} of ${counted(this.steps, 'step')}`,
			tally.calls + tally.cached > 0 ? counted(tally.calls, 'call') : '',
			tally.cached > 0 ? `${count(tally.cached)} kept` : '',
			tally.failed > 0 ? `${count(tally.failed)} failed` : '',
			tally.calls > 0 ? `${spending(tally.usd, tally.unpriced)} spent` : '',
			showDuration((performance.now() - this.started) / 1000),
			left === null ? '' : `${showDuration(Math.max(1, Math.round(left)))} left`,
		];
		return parts.filter((part) => part !== '').join(' · ');
	}
}

const DIM = trustedHtml('opacity:0.75');
const amountOf = ({ done, total, failed }: StepProgress): string =>
	`${count(done)}${total === null ? '' : `/${count(total)}`}${failed > 0 ? `, ${count(failed)} failed` : ''}`;

const stepText = (step: StepProgress): string => `  ${step.id}  ${amountOf(step)}`;

function stepHtml(step: StepProgress): Html {
	const bar =
		step.total === null
			? html`<progress style="width:12em"></progress>`
			: html`<progress style="width:12em" max="${step.total}" value="${step.done}"></progress>`;
	return html`<div>${bar} <code>${step.id}</code> <small>${amountOf(step)}</small></div>`;
}

const endText = (step: string, training: TrainingProgress): string =>
	`${step}: ${training.summary}  ${training.sparks}`;

const endHtml = (step: string, training: TrainingProgress): Html =>
	html`<div><small style="${DIM}"><code>${step}</code> ${training.summary}</small>${training.figure}</div>`;
