/** Which argument is the sentence. */
const SENTENCE_AT = { log: 1, Error: 0, RangeError: 0, TypeError: 0, AggregateError: 1 };

/**
 * Leaves out texts that only a person who looks for a fault reads: the sentence of a log line and the message of an
 * error. A test that repeats them word by word would say nothing. What is logged beside the sentence is not left out.
 */
const textsForPeople = {
  shouldIgnore(path) {
    if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined;
    const { parent } = path;
    const name = parent.callee?.property?.name ?? parent.callee?.name ?? '';
    const place = SENTENCE_AT[name];
    return place !== undefined && parent.arguments[place] === path.node ? 'a sentence for people' : undefined;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'texts-for-people', value: textsForPeople }];
