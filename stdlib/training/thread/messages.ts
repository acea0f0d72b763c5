import type { MessagePort } from 'node:worker_threads';
import type { Batch } from '../batches.ts';
import type { Architecture } from '../family.ts';
import type { TrainingSettings } from '../options.ts';
import type { TrainingProgress, TrainingResult } from '../training-hooks.ts';

/** A training run as it goes to its thread. What is made of data and functions stays behind and is asked for. */
export interface Job {
	readonly architecture: Architecture;
	readonly settings: TrainingSettings;
	readonly perEpoch: number;
	readonly measuredRows: number;
	readonly keepsCheckpoints: boolean;
	/** Everything else of this run goes over it. */
	readonly port: MessagePort;
}

/** What the thread asks for, by kind, with the answer. */
export interface Questions {
	batch: { readonly asked: { readonly step: number }; readonly answer: Batch };
	measured: { readonly asked: { readonly from: number; readonly count: number }; readonly answer: Batch };
	'read-checkpoint': { readonly asked: object; readonly answer: Uint8Array | null };
	'write-checkpoint': { readonly asked: { readonly bytes: Uint8Array }; readonly answer: null };
}

export type QuestionKind = keyof Questions;

export type Question = {
	[Kind in QuestionKind]: { readonly kind: Kind; readonly asked: Questions[Kind]['asked'] };
}[QuestionKind];

export type Answer = Questions[QuestionKind]['answer'];

/** An error on its way to the other thread. */
export type CrossingError =
	/** One of that thread, which comes back as it was. */
	| { readonly kind: 'returned'; readonly id: number }
	| {
			readonly kind: 'user';
			readonly message: string;
			readonly help: string | null;
			readonly stack: string | undefined;
	  }
	| { readonly kind: 'aborted' }
	| {
			readonly kind: 'other';
			readonly name: string;
			readonly message: string;
			readonly stack: string | undefined;
	  };

export type ToThread =
	| { readonly kind: 'abort' }
	| { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
	/** The answer failed with an error that stays where it is, under that number. */
	| { readonly kind: 'refusal'; readonly id: number };

export type FromThread =
	| { readonly kind: 'question'; readonly id: number; readonly question: Question }
	| { readonly kind: 'progress'; readonly progress: TrainingProgress }
	| { readonly kind: 'notice'; readonly message: string }
	| { readonly kind: 'done'; readonly result: TrainingResult }
	| { readonly kind: 'failed'; readonly error: CrossingError }
	/** Nothing was done, as this run can only be made where it came from. */
	| { readonly kind: 'unable'; readonly why: string };
