import { UserError } from '../../stdlib/define.ts';
import type { Action } from './command.ts';

export const notebookVerify: Action = async () => {
	throw new UserError('`assay notebook verify` is not there yet', null);
};
