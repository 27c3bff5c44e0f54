namespace Processor.EndToEnd.Tests;

/// <summary>One step of the random run.</summary>
/// <param name="Number">Its number in the run, from 1; the STAN of a message.</param>
/// <param name="Account">Index of the account.</param>
/// <param name="Verb">What is asked.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Of">The step that a message names as its original; 0 for none.</param>
/// <param name="OfVerb">What that step asked.</param>
/// <param name="Remaining">What remains after a reversal; −1 for a full one.</param>
internal sealed record PlainStep(int Number, int Account, PlainVerb Verb, long Amount, int Of, PlainVerb OfVerb, long Remaining);
