import type { State } from '../store';
import type { Text } from '../texts';
import type { Actions } from '../actions';

/** What every part of the page is drawn from. */
export interface View {
  state: State;
  text: Text;
  actions: Actions;
}
