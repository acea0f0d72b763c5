import { showDuration } from '../engine/duration.ts';
import type { RunEvent } from '../engine/events.ts';
import { count, counted, dollars } from './amounts.ts';
import { type Paint, paint } from './paint.ts';
import { printable } from './printable.ts';
import {
	finishedLine,
	isWorthALine,
	nameWidthFor,
	noteLine,
	statusLine,
	stepLine,
	toGoLine,
} from './progress-lines.ts';
import { ProgressTally } from './progress-tally.ts';
import { clipText } from './text-fit.ts';

/** Anything that takes text; a terminal also says how large it is. */
export interface ProgressStream {
	write(text: string): unknown;
	readonly columns?: number | undefined;
	readonly rows?: number | undefined;
}

export interface ProgressOptions {
	readonly stream: ProgressStream;
	/** Width that wins over the stream's own. */
	readonly columns?: number;
	readonly color: boolean;
	readonly isTTY: boolean;
	/** Milliseconds from anywhere; never goes back. */
	readonly now?: () => number;
}

export interface Progress {
	onEvent(event: RunEvent): void;
	/** Takes the lines that move off the screen and gives the cursor back. Safe to call twice. */
	close(): void;
}

/**
 * A run as the terminal shows it: a line for every finished step, and below them the steps at work and a status line,
 * drawn anew in place at most ten times a second. Where there is no terminal, only what a person has to know is written:
 * notices, failed steps and the end of a budget.
 */
export function createProgress(options: ProgressOptions): Progress {
	return options.isTTY ? new TerminalProgress(options) : new QuietProgress(options);
}

/** The event stream itself, one JSON object a line. */
export const jsonLines = (stream: ProgressStream): Progress => ({
	onEvent: (event) => {
		stream.write(`${JSON.stringify(event)}\n`);
	},
	close: () => {},
});

/** Said once, however many steps say it. */
class Announcements {
	private readonly said = new Set<string>();
	private readonly colors: Paint;

	constructor(colors: Paint) {
		this.colors = colors;
	}

	/** What an event has to say to a person, as lines. */
	of(event: RunEvent): string[] {
		const { colors } = this;
		if (event.type === 'notice') return this.once(`${colors.warning('note')}: ${printable(event.message)}`);
		if (event.type === 'budget') return this.once(`${colors.warning('budget')}: ${budgetSentence(event)}`);
		if (event.type !== 'step-failed') return [];
		const line = `${colors.error('✗')} ${printable(event.step)}: ${printable(event.message)}`;
		return event.help ? [line, `  ${colors.bold('help')}: ${printable(event.help)}`] : [line];
	}

	private once(line: string): string[] {
		if (this.said.has(line)) return [];
		this.said.add(line);
		return [line];
	}
}

function budgetSentence({ limit, spent, allowed }: Extract<RunEvent, { type: 'budget' }>): string {
	const [used, most] = [spent, allowed].map((value) =>
		limit === 'usd' ? dollars(value) : limit === 'seconds' ? showDuration(value) : `${count(value)} ${limit}`,
	);
	return `${used} of ${most} used, and one more call could pass it; no more calls are made`;
}

class QuietProgress implements Progress {
	private readonly stream: ProgressStream;
	private readonly announcements: Announcements;

	constructor({ stream, color }: ProgressOptions) {
		this.stream = stream;
		this.announcements = new Announcements(paint(color));
	}

	onEvent(event: RunEvent): void {
		for (const line of this.announcements.of(event)) this.stream.write(`${line}\n`);
	}

	close(): void {}
}

const FRAME_MS = 100;
/** The clock on the status line goes on while nothing happens. */
const IDLE_FRAME_MS = 1000;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know it show everything between the two at once; others ignore it. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_LINE_END = '\u001b[K';

class TerminalProgress implements Progress {
	private readonly options: ProgressOptions;
	private readonly colors: Paint;
	private readonly now: () => number;
	private readonly tally = new ProgressTally();
	private readonly announcements: Announcements;
	/** Lines that are to stay, not yet written. */
	private pending: string[] = [];
	private names: readonly string[] = [];
	private drawnLines = 0;
	private drawnAt = Number.NEGATIVE_INFINITY;
	private dirty = false;
	private timer: NodeJS.Timeout | null = null;
	private closed = false;

	constructor(options: ProgressOptions) {
		this.options = options;
		this.colors = paint(options.color);
		this.now = options.now ?? (() => performance.now());
		this.announcements = new Announcements(this.colors);
	}

	onEvent(event: RunEvent): void {
		if (this.closed) return;
		this.tally.add(event, this.now());
		this.keepLines(event);
		this.dirty = true;
		this.timer ??= this.start();
		if (this.now() - this.drawnAt >= FRAME_MS) this.draw();
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		if (this.timer) clearInterval(this.timer);
		process.off('exit', this.restore);
		if (this.timer)
			this.options.stream.write(`${this.rewind()}${CLEAR_BELOW}${this.flushPending()}${SHOW_CURSOR}`);
	}

	private start(): NodeJS.Timeout {
		this.options.stream.write(HIDE_CURSOR);
		// Should the process end without `close`, the cursor must not stay hidden.
		process.once('exit', this.restore);
		const timer = setInterval(() => {
			if (this.dirty || this.now() - this.drawnAt >= IDLE_FRAME_MS) this.draw();
		}, FRAME_MS);
		timer.unref();
		return timer;
	}

	private readonly restore = (): void => {
		this.options.stream.write(SHOW_CURSOR);
	};

	private keepLines(event: RunEvent): void {
		if (event.type === 'run-started') {
			this.names = event.steps.map(({ id }) => id);
			const kept = event.steps.filter((step) => step.kept).length;
			const steps = counted(event.steps.length, 'step') + (kept > 0 ? `, ${count(kept)} kept` : '');
			this.pending.push(this.titleLine(printable(event.title), steps));
		} else if (event.type === 'step-finished') {
			if (!isWorthALine(event)) return;
			this.pending.push(finishedLine(event, this.nameWidth, this.columns, this.colors));
		} else this.pending.push(...this.announcements.of(event));
	}

	private titleLine(title: string, steps: string): string {
		const room = this.columns - steps.length - 2;
		if (room < 12) return this.colors.bold(clipText(title, this.columns));
		return `${this.colors.bold(clipText(title, room))}  ${this.colors.dim(steps)}`;
	}

	private draw(): void {
		const now = this.now();
		this.tally.sample(now);
		this.drawnAt = now;
		this.dirty = false;
		const live = this.liveLines(now);
		const frame = live.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
		this.options.stream.write(
			`${BEGIN_FRAME}${this.rewind()}${this.flushPending()}${frame}${CLEAR_BELOW}${END_FRAME}`,
		);
		this.drawnLines = live.length;
	}

	private liveLines(now: number): string[] {
		const { columns } = this;
		const steps = [...this.tally.active.values()].filter(
			(step) => step.total === null || step.done < step.total,
		);
		const most = Math.max(1, Math.min(12, (this.options.stream.rows ?? 24) - 5));
		const lines = steps.slice(0, most).map((step) => stepLine(step, this.nameWidth, columns, this.colors));
		if (steps.length === 0 && this.tally.toGo.size > 0)
			lines.push(toGoLine(this.tally.toGo, columns, this.colors));
		if (steps.length > most)
			lines.push(this.colors.dim(`  and ${counted(steps.length - most, 'more step')}`));
		const note = this.tally.noteAt(now);
		if (note !== null) lines.push(noteLine(note, columns, this.colors));
		const status = statusLine(this.tally, columns, this.colors);
		return status === '' ? lines : [...lines, status];
	}

	private get nameWidth(): number {
		return nameWidthFor([...this.names, ...this.tally.active.keys()], this.columns);
	}

	/** One less than the terminal has: a full line would wrap in some of them. */
	private get columns(): number {
		return Math.max(10, (this.options.columns ?? this.options.stream.columns ?? 80) - 1);
	}

	private rewind(): string {
		const up = this.drawnLines > 0 ? `\r\u001b[${this.drawnLines}A` : '\r';
		this.drawnLines = 0;
		return up;
	}

	private flushPending(): string {
		const text = this.pending.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
		this.pending = [];
		return text;
	}
}
