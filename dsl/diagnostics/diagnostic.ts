import type { Span } from '../span.ts';

/** What a user sees of one problem. `Problem`s become this in `render.ts`; nothing else writes sentences. */
export interface Diagnostic {
	/** Stable, e.g. `A0204`; `assay explain A0204` tells more. */
	readonly code: string;
	readonly severity: 'error' | 'warning';
	/** A sentence in the words of the program, without a final full stop. */
	readonly message: string;
	readonly span: Span;
	/** Beside the carets of `span`; may be empty. */
	readonly label: string;
	readonly also: readonly { readonly span: Span; readonly label: string }[];
	readonly help: string | null;
	readonly fix: Fix | null;
}

export interface Fix {
	readonly title: string;
	readonly edits: readonly { readonly span: Span; readonly text: string }[];
}
