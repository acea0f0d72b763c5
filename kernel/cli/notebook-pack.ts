import { UserError } from '../../stdlib/define.ts';
import type { Action } from './command.ts';

export const notebookPack: Action = async () => {
	throw new UserError('`assay notebook pack` is not there yet', null);
};
