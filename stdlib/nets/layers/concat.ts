import { type ConcatArgs, concatDefinition as concatRows } from '../../data/transforms/concat.ts';
import { define } from '../../define.ts';
import { CONCAT_SIGNATURES, concatChannels } from './combine.ts';

/** One word for two things of the field: rows of data sets, and channels of branches. */
export const concatDefinition = define({
	...concatRows,
	signature: [concatRows.signature as string, ...CONCAT_SIGNATURES],
	doc: `${concatRows.doc} In a network: the channels of two branches, one after the other; they must agree in height and width.`,
	run: (args: ConcatArgs | { readonly a: unknown; readonly b: unknown }, context) =>
		'a' in args ? concatChannels(args.a, args.b) : concatRows.run(args, context),
});
