/**
 * What a `Row -> T` parameter receives: an expression, evaluated for a row given by number. `label` is how the program
 * spells it (`m.parameters`, `c["a"]`), where it is known.
 */
export type RowFunction<T = unknown> = ((row: number) => T) & { readonly label?: string };
