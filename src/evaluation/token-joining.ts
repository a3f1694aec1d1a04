export { joinTokens, TOKEN_JOININGS, type TokenJoining } from '../datasets/token-joining.js';
