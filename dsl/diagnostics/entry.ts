/** How one kind of problem is said and explained. `D` is what a report of it must give. */
export interface Entry<D> {
	readonly severity: 'error' | 'warning';
	/** Short, without names: the heading of `assay explain`. */
	readonly title: string;
	readonly message: (data: D) => string;
	readonly label?: (data: D) => string;
	/** Labels of the secondary spans, in the order in which they are reported. */
	readonly also?: (data: D) => readonly string[];
	readonly help?: (data: D) => string | null;
	/** A paragraph, a wrong program and the right one: what `assay explain` prints. Both are checked by tests. */
	readonly explain: { readonly text: string; readonly wrong: string; readonly right: string };
}

export const entry = <D = Record<never, never>>(definition: Entry<D>): Entry<D> => definition;
