import { UserError } from '../../stdlib/define.ts';
import type { Action } from './command.ts';

export const notebookExport: Action = async () => {
	throw new UserError('`assay notebook export` is not there yet', null);
};
