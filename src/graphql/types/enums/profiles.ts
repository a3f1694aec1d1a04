import type { Kernel } from '../../../domain/profile.js';
import { describedEnum } from './described-enum.js';

export const KernelEnum = describedEnum<Kernel>(
  'Kernel',
  'How distances become votes: w = softmax(-d / tau).',
  { rbf: 'tau = T.', 'rbf-variance': "tau = 2 T var(d), the variance of the query's own distances." },
);
