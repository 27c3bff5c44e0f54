namespace Processor.EndToEnd.Tests;

/// <summary>What a step of the random run asks.</summary>
internal enum PlainVerb
{
    Hold,
    Post,
    Inquiry,
    Advice,
    Completion,
    Reversal,
    TopUp,
    Withdraw,
    Freeze,
    Unfreeze,
}
