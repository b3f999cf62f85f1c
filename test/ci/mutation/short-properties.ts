import fc from 'fast-check';

/** Every mutant runs the properties again: less of each, and the same inputs for all mutants. */
fc.configureGlobal({ seed: 1, interruptAfterTimeLimit: 100, markInterruptAsFailure: false });
